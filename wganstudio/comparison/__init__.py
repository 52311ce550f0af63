"""Runs side by side: columns of a table, filters, and groups of runs that differ only in the seed."""
