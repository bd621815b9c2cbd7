"""What every room needs and that does not know what a vehicle is."""
