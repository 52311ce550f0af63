"""Training of an Experiment as one stream of events, in a separate process."""
