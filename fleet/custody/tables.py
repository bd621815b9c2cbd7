"""Tables of custody: the things, and their holders without a gap.

The database refuses, at commit, an item that nobody holds for a moment between its first holder
and its end (constraint trigger `custody_without_gap`).
"""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class CustodyItem(Numbered, Recorded, Base):
    """A key, vehicle licence (行驶证) or card of a vehicle; `number` is shown masked."""

    __tablename__ = "custody_item"

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    kind: Mapped[str]
    label: Mapped[str | None]
    number: Mapped[str | None]
    ended_at: Mapped[Instant | None]


class Custody(Recorded, Base):
    """Who or what holds an item, for a period: one person, one place, or an organisation."""

    __tablename__ = "custody"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(person_no, place_no, organisation_no) = 1", name="one_holder"
        ),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    item_no: Mapped[int] = mapped_column(ForeignKey("custody_item.no"), index=True)
    person_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"), index=True)
    place_no: Mapped[int | None] = mapped_column(ForeignKey("place.no"), index=True)
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]
    handed_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    note: Mapped[str | None]
