"""The dialog that shows a data file before it is used, and asks how to read and use it."""
