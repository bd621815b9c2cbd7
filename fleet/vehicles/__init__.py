"""Vehicles (公务用车) and the units that use them."""
