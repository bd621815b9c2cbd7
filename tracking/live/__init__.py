"""The live fleet: every vehicle's newest position, in memory, by H3 cell."""
