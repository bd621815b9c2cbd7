"""Regions by GB/T 2260: six digits, two each for province, prefecture and county."""

NATION = "000000"
REGION_PATTERN = r"^[0-9]{6}$"


def region_chain(code: str) -> tuple[str, ...]:
    """Return the regions from the nation down to `code`: 230102 stands in 230100 and 230000."""
    return tuple(dict.fromkeys((NATION, code[:2] + "0000", code[:4] + "00", code)))


def region_prefix(code: str) -> str:
    """Return the digits with which every code inside a region begins."""
    if code == NATION:
        return ""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def contains(region: str, code: str | None) -> bool:
    """Return whether a code lies in a region; what has no code lies in the nation alone."""
    return (code or "").startswith(region_prefix(region))
