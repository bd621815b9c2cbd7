"""The day before the demo's first start: planned, driven, written into the register.

Its positions come through the terminals' door in batch messages, as after an outage.
"""
