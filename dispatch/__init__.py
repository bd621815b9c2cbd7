"""Request → approval → match → order, on roads whose travel times are known."""
