"""Trips (行程), stops (停留) and metres from the positions of one vehicle."""
