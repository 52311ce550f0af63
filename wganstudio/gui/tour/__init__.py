"""The guided tour over the window."""
