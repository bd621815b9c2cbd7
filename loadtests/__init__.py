"""Load on the public doors of a running system, held against published limits."""
