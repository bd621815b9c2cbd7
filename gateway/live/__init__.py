"""The live door: a WebSocket feed of the vehicles in one's scope."""
