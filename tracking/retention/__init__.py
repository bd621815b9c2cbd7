"""Erasing what of tracking has had its time: positions and raw bodies by day, the rest by row."""
