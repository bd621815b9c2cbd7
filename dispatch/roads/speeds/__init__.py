"""How fast roads are driven, by hour of the week."""
