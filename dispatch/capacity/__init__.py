"""Capacity promised by type, under a row lock; the plate is bound late."""
