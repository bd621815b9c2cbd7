"""Sittings: the purpose of looking at tracks, chosen once for many queries."""
