"""Secret vehicles stay out, and a refused one leaves nothing behind.

保密法 (2024) article 31(3): what is secret may not be stored or processed in a system that is not
for secrets. The operator may give a list of plates to refuse. It is made elsewhere and holds
HMAC-SHA-256 digests under a key that is a setting, so that a copy of the database tells no plate.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.vehicles.errors import PlateRefusalsUnreadable, SecretVehicleRefused
from fleet.vehicles.tables import PlateRefusal
from fleet.vehicles.words import Secrecy
from kit.settings import Settings

_ONLY = 1
_HELD = "refused plates"


def plate_digest(plate: str, key: bytes) -> bytes:
    """Return the digest by which a plate, in its stored form, is refused."""
    return hmac.new(key, plate.encode(), hashlib.sha256).digest()


def refusal_key_of(settings: Settings) -> bytes:
    """Return the key of the list of refused plates; empty where the operator gave none."""
    return (settings.plate_refusal_key or "").encode()


@dataclass(frozen=True, slots=True)
class Refusals:
    """The list of refused plates and its key; without a list nothing is refused."""

    key: bytes = b""
    digests: frozenset[bytes] = frozenset()

    def hold(self, plate: str) -> bool:
        """Return whether a plate, in its stored form, is refused."""
        return bool(self.digests) and plate_digest(plate, self.key) in self.digests


async def load_refusals(session: AsyncSession, key: bytes) -> Refusals:
    """Return the list, which is read once a transaction. Raises PlateRefusalsUnreadable."""
    if _HELD not in session.info:
        row = await session.get(PlateRefusal, _ONLY)
        session.info[_HELD] = (row.key_check, frozenset(row.digests)) if row else None
    held: tuple[bytes, frozenset[bytes]] | None = session.info[_HELD]
    if held is None:
        return Refusals()
    if not hmac.compare_digest(held[0], plate_digest("", key)):
        raise PlateRefusalsUnreadable
    return Refusals(key, held[1])


async def refuse_secret(
    session: AsyncSession, plate: str, key: bytes, secrecy: Secrecy = Secrecy.NONE
) -> None:
    """Refuse a vehicle that is said to be secret or whose plate stands on the list.

    Raises SecretVehicleRefused, PlateRefusalsUnreadable.
    """
    if secrecy is not Secrecy.NONE:
        raise SecretVehicleRefused
    if (await load_refusals(session, key)).hold(plate):
        raise SecretVehicleRefused


async def replace_plate_refusals(
    session: AsyncSession, act: Act, *, key_check: bytes, digests: Sequence[bytes], key: bytes
) -> int:
    """Replace the list of refused plates by these digests; return how many there are.

    key_check: the digest of the empty text under the key with which the list was made
    Raises PlateRefusalsUnreadable when that key is not this installation's.
    """
    if not hmac.compare_digest(key_check, plate_digest("", key)):
        raise PlateRefusalsUnreadable
    before = await plate_refusals(session)
    once = sorted(set(digests))
    values = {"key_check": key_check, "digests": once, "recorded_at": act.now}
    await session.execute(
        insert(PlateRefusal)
        .values(only=_ONLY, **values)
        .on_conflict_do_update(index_elements=["only"], set_=values)
    )
    act.record(
        session,
        "plate_refusals.replace",
        "plate_refusals",
        None,
        before={"count": before[0]},
        after={"count": len(once)},
    )
    await session.flush()
    return len(once)


async def plate_refusals(session: AsyncSession) -> tuple[int, datetime | None]:
    """Return how many plates are refused, and since when the list stands."""
    row = (
        await session.execute(
            select(PlateRefusal.digests, PlateRefusal.recorded_at).where(PlateRefusal.only == _ONLY)
        )
    ).one_or_none()
    return (len(row.digests), row.recorded_at) if row else (0, None)
