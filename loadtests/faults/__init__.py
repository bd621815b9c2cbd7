"""The faults of the position path: what is broken, how, and what must be found afterwards."""
