"""The duty hours of drivers."""
