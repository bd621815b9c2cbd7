"""Frames that became no position, and terminals in no register."""
