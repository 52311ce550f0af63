"""The figure of the same name: its data and its matplotlib plot."""
