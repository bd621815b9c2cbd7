"""Suggestions: the ranked vehicles that a dispatcher was shown, and why."""
