"""Documents (证件) of vehicles with their expiry, and photos: kept by content, never by name."""
