"""Number plates (号牌): their form and their colours.

Sources: GA 36 (form), GB/T 40660 (new energy); JT/T 697.7 (colours). Plates of the invented
province 示 exist only in the demo world.
"""

import re
import unicodedata
from enum import StrEnum

from kit.errors import BadRequest

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


_INVENTED = "示"


_SEPARATORS = str.maketrans("", "", " ·•-")


_FORMS = (
    r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9警学挂港澳使领]",
    r"[A-HJ-NP-Z][ABCDEFGHJK][A-HJ-NP-Z0-9]\d{4}",  # new energy, small
    r"[A-HJ-NP-Z]\d{5}[ABCDEFGHJK]",  # new energy, large
)


_REAL = re.compile(f"[{_PROVINCES}](?:{'|'.join(_FORMS)})")


_DEMO = re.compile(f"[{_PROVINCES}{_INVENTED}](?:{'|'.join(_FORMS)})")


class PlateColour(StrEnum):
    """The colour of a plate; with the plate it names a vehicle."""

    BLUE = "blue"
    YELLOW = "yellow"
    BLACK = "black"
    WHITE = "white"
    GREEN = "green"
    YELLOW_GREEN = "yellow_green"


class BadPlate(BadRequest):
    """This is not the form of a number plate."""


def read_plate(text: str, *, demo: bool) -> str:
    """Return the plate in its one stored form: capitals, full width folded, no separators.

    demo: whether plates of the invented province are accepted
    Raises BadPlate.
    """
    plate = unicodedata.normalize("NFKC", text).upper().translate(_SEPARATORS)
    if not (_DEMO if demo else _REAL).fullmatch(plate):
        raise BadPlate
    return plate
