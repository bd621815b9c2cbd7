"""The approach: what those who wait for a vehicle may see of it on its way to them."""
