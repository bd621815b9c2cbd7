"""Tables of learned speeds: no vehicle, no person and no day of driving stands in them."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Recorded
from kit.database import Base
from kit.ids import new_id


class RoadLearning(Recorded, Base):
    """Days whose tracks have been learned from, the last one included; no day is learned twice.

    map: the name of the map that tracks were matched on
    """

    __tablename__ = "road_learning"

    no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    map: Mapped[str]
    positions: Mapped[int] = mapped_column(BigInteger)
    matched_m: Mapped[int] = mapped_column(BigInteger)
    cells_kept: Mapped[int]
    cells_withheld: Mapped[int]


class RoadSpeed(Base):
    """How fast a way is driven in an hour of the week (0: the first of Monday, in China).

    weight: traversals, older ones counting less; count: all there ever were; vehicles: how many
    different ones at least; version: the learning that changed it last
    """

    __tablename__ = "road_speed"

    way_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hour_of_week: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    weight: Mapped[float]
    pace_sum_s_km: Mapped[float]
    count: Mapped[int] = mapped_column(BigInteger)
    vehicles: Mapped[int]
    version: Mapped[int] = mapped_column(ForeignKey("road_learning.no"))
