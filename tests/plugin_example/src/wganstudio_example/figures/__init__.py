"""The figures of the plugin."""
