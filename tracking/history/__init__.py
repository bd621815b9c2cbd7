"""Where vehicles were: positions, tracks, trips and stops, asked within one's scope."""
