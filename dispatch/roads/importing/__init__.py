"""From an OpenStreetMap file to a map version."""
