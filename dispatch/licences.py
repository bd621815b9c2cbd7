"""Which vehicle a driving licence allows, by its class and the vehicle's seats.

Source: 机动车驾驶证申领和使用规定 (公安部令第 162 号), annex 1: C1 and C2 up to 9 seats,
B1 up to 19, A1 beyond; a higher class includes the lower ones.
"""

_MOST_SEATS = {
    "A1": None,
    "A2": 19,
    "A3": 9,
    "B1": 19,
    "B2": 9,
    "C1": 9,
    "C2": 9,
}


def may_drive(licence_class: str, seats: int) -> bool:
    """Whether a licence of this class covers a passenger vehicle with so many seats."""
    licence_class = licence_class.upper()
    if licence_class not in _MOST_SEATS:
        return False
    most = _MOST_SEATS[licence_class]
    return most is None or seats <= most
