"""What can go wrong with a map; each class carries its one sentence.

MapError
├── MapFileUnreadable    the file is missing, cut short or no OpenStreetMap file
├── NoRoadsInMap         a readable file without roads for cars
├── BasemapFailed        the tile builder stopped
├── MapCheckFailed       the finished version didn't pass its own check
├── DenyListUnreadable   the operator's list of withheld objects can't be read
├── MapNotWritten        the disk is full, or takes no files
├── ImportRunning        another import has not ended yet
└── NoAnswer             the map in use doesn't answer a question
    ├── OutsideMap       a point lies off every road
    └── NoWay            no car may drive from one point to another
"""

from kit.trouble import Trouble


class MapError(Trouble):
    """The map could not be imported; the map in use stays as it is."""


class MapFileUnreadable(MapError):
    """The file can't be read as an OpenStreetMap extract (.osm.pbf or .osm)."""


class NoRoadsInMap(MapError):
    """The file holds no roads that cars may use."""


class BasemapFailed(MapError):
    """The basemap tiles could not be built."""


class MapCheckFailed(MapError):
    """The imported map did not pass its own check."""


class DenyListUnreadable(MapError):
    """The operator's list of withheld objects can't be read."""


class MapNotWritten(MapError):
    """The new map can't be written to the disk."""


class ImportRunning(MapError):
    """Another map is being imported."""


class NoAnswer(MapError):
    """The map in use has no answer."""


class OutsideMap(NoAnswer):
    """The point lies more than 1 km from every road of the map in use."""

    def __init__(self) -> None:
        super().__init__(
            "The point lies more than 1 km from every road of the map in use: choose one nearer to"
            " a road, or import a map that holds the place."
        )


class NoWay(NoAnswer):
    """No car may drive from one point to the other."""

    def __init__(self) -> None:
        super().__init__(
            "No road that cars may use leads from one point to the other: choose a point on a road"
            " that is joined to the others."
        )
