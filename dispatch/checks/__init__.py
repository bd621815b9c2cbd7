"""Departure checks (出车检查): the driver looks the vehicle over before it leaves."""
