"""Orders (派车任务): booked, driven, taken back."""
