"""Drawing distributions with the mouse."""
