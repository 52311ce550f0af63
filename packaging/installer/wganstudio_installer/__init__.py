"""Build and check the installers: freeze the app, pack it, test the result."""
