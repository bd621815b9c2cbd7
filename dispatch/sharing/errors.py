"""What the sharing kernel refuses; each class carries its one sentence."""

from kit.errors import BadRequest


class ContradictoryLimits(BadRequest):
    """The limits contradict one another: no ride can keep them all."""


class UnfitProblem(BadRequest):
    """The numbers don't make up a problem of requests and vehicles."""


class BrokenRoute(BadRequest):
    """The route does not keep its limits."""
