"""Use cases of custody: an item has a holder from its first moment to its last.

Each hand-over closes one row and opens the next at the same instant, under the item's lock; the
database checks at commit that nothing lies between.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.custody import store
from fleet.custody.errors import HandedOverSince, HandOverInTheFuture, ItemEnded, SameHolder
from fleet.custody.tables import Custody, CustodyItem
from fleet.custody.words import CustodyKind
from fleet.organisations.tables import Organisation
from fleet.people.masking import masked_tail
from fleet.people.tables import Person
from fleet.places.tables import Place
from fleet.vehicles.tables import Vehicle

TAIL = 4


@dataclass(frozen=True, slots=True)
class Holder:
    """Who or what holds an item: a person, a place, or an organisation's own cabinet."""

    subject: Person | Place | Organisation

    @property
    def name(self) -> str:
        """Return the holder's name as people know it."""
        return self.subject.name

    def keys(self) -> tuple[int | None, int | None, int | None]:
        """Return the numbers of the person, the place and the organisation; two are None."""
        match self.subject:
            case Person(no=no):
                return no, None, None
            case Place(no=no):
                return None, no, None
            case Organisation(no=no):
                return None, None, no


async def add_item(
    session: AsyncSession,
    act: Act,
    *,
    vehicle: Vehicle,
    organisation_no: int,
    kind: CustodyKind,
    label: str | None,
    number: str | None,
    holder: Holder,
    note: str | None,
) -> CustodyItem:
    """Enter an item of a vehicle with its first holder; from now on somebody always has it."""
    item = CustodyItem(vehicle_no=vehicle.no, kind=kind, label=label, number=number)
    session.add(item)
    await session.flush()
    session.add(_held(item, holder, period(act.now), act, note))
    act.record(
        session,
        "custody.add",
        "custody",
        item.id,
        organisation_no=organisation_no,
        after={
            "plate": vehicle.plate,
            "kind": kind,
            "label": label,
            "number": shown_number(number),
            "holder": holder.name,
        },
    )
    await session.flush()
    return item


async def hand_over(
    session: AsyncSession,
    act: Act,
    item: CustodyItem,
    *,
    to: Holder,
    organisation_no: int,
    at: datetime | None = None,
    note: str | None = None,
) -> None:
    """Pass a locked item on, now or at an instant since it last changed hands.

    Raises HandOverInTheFuture, ItemEnded, HandedOverSince, SameHolder.
    """
    at = at or act.now
    if at > act.now:
        raise HandOverInTheFuture
    last = await store.last_custody(session, item)
    if item.ended_at is not None:
        raise ItemEnded
    if last.period.lower is None or last.period.lower >= at:
        raise HandedOverSince
    if (last.person_no, last.place_no, last.organisation_no) == to.keys():
        raise SameHolder
    left = await store.holder_name(session, last)
    last.period = Range(last.period.lower, at, bounds="[)")
    await session.flush()
    session.add(_held(item, to, period(at), act, note))
    act.record(
        session,
        "custody.hand_over",
        "custody",
        item.id,
        organisation_no=organisation_no,
        before={"holder": left},
        after={"holder": to.name, "at": at.isoformat()},
    )
    await session.flush()


async def end_item(
    session: AsyncSession, act: Act, item: CustodyItem, *, organisation_no: int
) -> None:
    """Take a locked item out of use (lost, worn, given back). Raises ItemEnded, HandedOverSince."""
    last = await store.last_custody(session, item)
    if item.ended_at is not None:
        raise ItemEnded
    if last.period.lower is None or last.period.lower >= act.now:
        raise HandedOverSince
    left = await store.holder_name(session, last)
    last.period = Range(last.period.lower, act.now, bounds="[)")
    item.ended_at = act.now
    act.record(
        session,
        "custody.end",
        "custody",
        item.id,
        organisation_no=organisation_no,
        before={"holder": left},
        after={"ended_at": act.now.isoformat()},
    )
    await session.flush()


def shown_number(number: str | None) -> str | None:
    """Return a key's or card's number as it is shown: its end, never more than half of it."""
    if not number:
        return None
    return masked_tail(number[len(number) - min(TAIL, len(number) // 2) :]) or "****"


def _held(
    item: CustodyItem, holder: Holder, held: Range[datetime], act: Act, note: str | None
) -> Custody:
    person_no, place_no, organisation_no = holder.keys()
    return Custody(
        item_no=item.no,
        person_no=person_no,
        place_no=place_no,
        organisation_no=organisation_no,
        period=held,
        handed_by_no=act.actor.person_no if act.actor else None,
        note=note,
    )
