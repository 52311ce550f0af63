"""Controllers: what the window does, without the window itself."""
