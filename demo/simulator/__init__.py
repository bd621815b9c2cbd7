"""Vehicles that drive along roads, and terminals that report them over real TCP."""
