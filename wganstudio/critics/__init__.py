"""The networks that play u."""
