"""Terminals (车载终端), what they prove, and in which vehicle they sit."""
