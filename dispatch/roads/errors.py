"""What can go wrong with a map; each class carries its one sentence.

MapError
├── MapFileUnreadable    the file is missing, cut short or no OpenStreetMap file
├── NoRoadsInMap         a readable file without roads for cars
├── BasemapFailed        the tile builder stopped
└── MapCheckFailed       the finished version didn't pass its own check
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
