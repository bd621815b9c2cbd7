"""Every door to the outside, and the only room that wires the others together."""
