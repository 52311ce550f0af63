"""Commands: changes of the form and of the runs that can be undone."""
