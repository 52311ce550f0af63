"""Run: from an Experiment to one stream of events, in a process of its own."""
