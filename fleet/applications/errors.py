"""Why something about applications is refused."""

from kit.errors import BadRequest, Conflict


class WrongVehicle(Conflict):
    """This vehicle is not the one that the application asked for."""


class NotCarriedOutSo(BadRequest):
    """An application of this kind is carried out with other facts, or by its approval alone."""


class KindStays(BadRequest):
    """The kind, the unit and the vehicle of an application stay what they are."""
