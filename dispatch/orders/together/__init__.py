"""Many orders made at once: by the same rules as one, in a few statements for all of them.

Read in this order: `wishes` (what is asked for), `pairs` (vehicles and drivers, locked), `facts`
(what rules read), `reserved` (what is promised of pools), `judging` (who is refused, and why),
`writing` (what an order leaves behind), `booking` (the use case).
"""
