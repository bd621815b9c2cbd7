"""Data quality: what a terminal sent in a day, held against what it should have."""
