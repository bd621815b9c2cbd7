"""Applications (申请) for the steps of a vehicle's life, decided by whoever holds the mandate."""
