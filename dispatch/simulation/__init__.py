"""What a way of assigning vehicles would do to a city, without a city: seeded, without a clock."""
