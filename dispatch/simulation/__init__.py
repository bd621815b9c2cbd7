"""What a way of working would do to a city, without a city: seeded, without a clock.

Two rooms, for two questions. Here: rides at once only, vehicles that may be sent elsewhere on their
way, hours of a square without streets; by it the bench of matching compares rules of assigning
(`make bench BENCH=immediate`). In `weeks`: a motor pool with bases, bookings, drivers' hours, plans
and sharing, on a network or one's own history; `gongche dispatch simulate` runs that one. Both
match by `dispatch.matching.sparse`, and call a load light by `dispatch.matching.immediate`.
"""
