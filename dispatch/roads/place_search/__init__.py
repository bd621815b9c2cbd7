"""Places by name, in characters, pinyin or initials, and what lies at a point."""
