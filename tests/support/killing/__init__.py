"""Real processes that are killed while they write sessions and figures, and what must be whole afterwards."""
