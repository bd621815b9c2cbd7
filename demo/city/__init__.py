"""The demo's city: invented from a seed, written as an OpenStreetMap file.

Nothing in it exists: names are made up, and it lies on empty grassland, so that no demo, test or
screenshot shows a real place. It is imported by the same command as a real extract.
"""

from demo.city.generating import generate
from demo.city.model import City, CityPlace, PlaceKind
from demo.city.writing import write

__all__ = ["City", "CityPlace", "PlaceKind", "generate", "write"]
