"""Partitions of positions: made ahead of their day, settled when it is over, and anew when late.

Settled means: every position once (the earliest receipt of each), sorted by (terminal, time), and
indexed for questions. Nobody's answer depends on it, only how fast it comes: all read
`positions_once`, which counts repeats once wherever they lie.
"""
