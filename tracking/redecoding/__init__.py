"""Stored positions read anew after a fix of a codec: superseded, never overwritten."""
