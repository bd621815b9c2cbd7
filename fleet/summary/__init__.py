"""The fleet seen as one, at every level: sums that equal their parts, at any instant."""
