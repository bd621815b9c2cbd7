"""A motor pool's days: bookings and rides at once, bases, drivers' hours, plans and sharing.

Read in this order: `model` (what is given), `runs`, `duty` and `pool` (what happens by itself),
`reach` (who could be where when), `rules` (who gets which vehicle), `roster` and `promises` (what
may be promised), `shared` (who rides along), `running` (the clock), `outcome` (what is counted),
`sizing`, `chart`.
"""
