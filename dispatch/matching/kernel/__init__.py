"""Large batches: the lists of nearest vehicles and their assignment, compiled.

Other batches do without, and their processes never load numba. Both ways give the same lists and
assignments of the same cost. Which of them is taken depends on the number of requests alone: a
round that was kept is matched again in the way in which it was matched.
"""

LARGE = 512
"""From so many requests on. The plan of a mission, which somebody waits for, has fewer."""
