"""Times on the wire: six BCD bytes yymmddhhmmss of this century.

All times of JT/T 808 are GMT+8 but one: the answer 0x8004 is in UTC (2019, 8.5).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from gateway.protocols.jt808.errors import FieldError


@dataclass(frozen=True, slots=True)
class ZonedBcd:
    """BCD times of one zone."""

    zone: timezone

    def decode(self, six: bytes) -> datetime | None:
        """Return the time in UTC, or None if the bytes aren't digits or no date."""
        digits = six.hex()
        if len(digits) != 12 or not digits.isdecimal():
            return None
        year, month, day, hour, minute, second = (int(digits[i : i + 2]) for i in range(0, 12, 2))
        try:
            local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=self.zone)
        except ValueError:
            return None
        return local.astimezone(UTC)

    def encode(self, time: datetime) -> bytes:
        """Return the six bytes of an aware time, cut to whole seconds. Raises FieldError outside
        2000-2099."""
        local = time.astimezone(self.zone)
        if not 2000 <= local.year <= 2099:
            raise FieldError(f"the year {local.year} has no two digits of this century")
        return bytes.fromhex(f"{local:%y%m%d%H%M%S}")


CHINA_TIME = ZonedBcd(timezone(timedelta(hours=8)))
UTC_TIME = ZonedBcd(UTC)
