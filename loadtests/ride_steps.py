"""What a ride's requests are called by Locust, and how often rides begin: told to its process."""

ASK, APPROVE, SUGGEST, ASSIGN = STEPS = ("ask", "approve", "suggest", "assign")
UNITS = "units"
EVERY_S = "GONGCHE_LOAD_RIDE_EVERY_S"
"""The setting that says how many seconds after one ride somebody begins the next."""
