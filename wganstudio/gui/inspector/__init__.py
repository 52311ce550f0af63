"""The panel that says which settings made the shown run, and what came of it."""
