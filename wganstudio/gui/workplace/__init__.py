"""The workplace: how the user moves about the window, arranges it and finds what it can do."""
