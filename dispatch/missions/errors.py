"""What missions refuse; each class carries its one sentence."""

from kit.errors import BadRequest, Conflict


class GuardDuty(BadRequest):
    """Guard duty (警卫任务) stays out of this system: enter nothing of it here."""


class TooManyRides(BadRequest):
    """A mission has too many vehicles; divide it."""


class GatherAfterStart(BadRequest):
    """Vehicles gather before the mission begins, or as it does."""


class RideOutsideMission(BadRequest):
    """A vehicle is wanted outside the time between gathering and the mission's end."""


class UnknownPersonNamed(BadRequest):
    """Somebody who is named is nobody in the units for which you dispatch."""


class RunnerMayNotDispatch(BadRequest):
    """Whoever is to run the mission may not dispatch for its unit."""


class NotAConvoyOrder(BadRequest):
    """A convoy order names each vehicle of the mission once."""


class NoStandbyLeft(Conflict):
    """No standby vehicle is left that could take over."""


class NothingToReplace(Conflict):
    """This vehicle of the mission is not to be replaced now."""


class MissionOpen(Conflict):
    """Orders of the mission are still open."""


class RideOfMission(Conflict):
    """The ride is part of a mission, whose one approval holds for all: change the mission."""
