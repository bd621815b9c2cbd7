"""An invented province: one fleet across province, cities, counties and units, by seed."""

from demo.province.drawing import draw
from demo.province.model import Province, Shape

__all__ = ["Province", "Shape", "draw"]
