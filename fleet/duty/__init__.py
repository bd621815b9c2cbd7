"""Duty: shifts and leave of drivers, and the duty roster (值班表)."""
