"""Custody (领用登记): who holds which key, licence or card, at every moment."""
