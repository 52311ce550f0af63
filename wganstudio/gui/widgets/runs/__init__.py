"""The table of runs: its rows, model, delegates, menu of columns, and the widget."""
