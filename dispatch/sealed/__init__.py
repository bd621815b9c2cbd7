"""Which vehicles stand sealed (封存), and which orders a sealing forbids."""
