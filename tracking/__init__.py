"""Positions become the live index, history, trips and stops."""
