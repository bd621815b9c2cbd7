"""Slips (派车单): numbered without gaps, printed, void but kept."""
