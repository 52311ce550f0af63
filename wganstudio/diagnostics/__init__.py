"""Notes of the program about itself: a log, traces of crashes, uncaught exceptions, and reports of them."""
