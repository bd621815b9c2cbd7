"""Places that the agency knows by name."""
