"""Which vehicle for which request: pure arithmetic on positions and travel times."""
