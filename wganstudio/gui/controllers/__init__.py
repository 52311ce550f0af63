"""Controllers: the acts of the window, each with exactly the parts of the window that it uses."""
