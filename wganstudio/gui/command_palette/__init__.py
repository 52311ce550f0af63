"""The command palette: everything that the window can do or show, found by typing."""
