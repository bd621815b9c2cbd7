"""When a long-lived process looks for objects that hold each other in a circle."""

import gc


def collect_seldom() -> None:
    """Let the collector of cycles pass over what stands, and look for new ones seldom.

    Neither the position path nor a suggestion makes many; searching among the objects of thousands
    of links or vehicles for them took a third of the CPU time of a position, and a fifth of that of
    a suggestion.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
