"""Tables of dispatch. An order is one run of one vehicle and one driver, serving 1..n requests.

`orders` carries the constraint that makes a double booking impossible (first migration); the
name is plural because SQL reserves the singular.
"""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonList, JsonObject, Period, Recorded
from kit.database import Base


class Request(Recorded, Base):
    """What an applicant asks for (用车申请).

    waypoints: at most eight places between origin and destination, in order, as `StayWaypoint`
    allowance: what the transport allowance said of it when it was last submitted
    approved_s: for how long a ride it was approved; None while its times are those approved
    """

    __tablename__ = "request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    applicant_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    passenger_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    passengers: Mapped[int]
    purpose: Mapped[str]
    purpose_text: Mapped[str]
    category: Mapped[str | None]
    period: Mapped[Period]
    origin_name: Mapped[str]
    origin_latitude: Mapped[float]
    origin_longitude: Mapped[float]
    destination_name: Mapped[str]
    destination_latitude: Mapped[float]
    destination_longitude: Mapped[float]
    pickup_name: Mapped[str | None]
    pickup_latitude: Mapped[float | None]
    pickup_longitude: Mapped[float | None]
    waypoints: Mapped[JsonList] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    round_trip: Mapped[bool]
    may_share: Mapped[bool]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    state_reason: Mapped[str | None]
    allowance: Mapped[JsonObject | None]
    approved_s: Mapped[int | None]

    @property
    def pickup(self) -> tuple[float, float]:
        """Where the passengers wait, in degrees: the origin, or where a vehicle left them."""
        if self.pickup_latitude is None or self.pickup_longitude is None:
            return self.origin_latitude, self.origin_longitude
        return self.pickup_latitude, self.pickup_longitude


class RequestStep(Base):
    """One change of a request's state: who, when and why; automatic ones in the actor's name."""

    __tablename__ = "request_step"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    automatic: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    at: Mapped[Instant]
    reason: Mapped[str | None]


_OUT = text("state IN ('departed', 'arrived', 'returning')")


class Order(Recorded, Base):
    """A run of one vehicle and one driver (派车任务), or a service order (车务派车).

    `period` is the promised one and takes part in the constraint; `departed_at` and
    `returned_at` are what happened: whatever was promised, a vehicle and a driver are out on one
    order at a time. `no_show_at` is when the passenger was found not to have come. Who drove
    before a swap stands in `order_run`.
    """

    __tablename__ = "orders"
    # The live map asks which of some vehicles are on the road, whatever they have driven before.
    __table_args__ = (
        Index("vehicle_out_once", "vehicle_no", unique=True, postgresql_where=_OUT),
        Index("driver_out_once", "driver_no", unique=True, postgresql_where=_OUT),
        Index("ix_orders_period", "period", postgresql_using="gist"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    issuer_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"), index=True)
    driver_no: Mapped[int | None] = mapped_column(ForeignKey("driver.no"), index=True)
    dispatcher_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    cross_unit: Mapped[bool]
    service_kind: Mapped[str | None]
    period: Mapped[Period]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    departed_at: Mapped[Instant | None]
    returned_at: Mapped[Instant | None]
    odometer_out_m: Mapped[int | None]
    odometer_in_m: Mapped[int | None]
    no_show_at: Mapped[Instant | None]


class OrderRequest(Base):
    """Which requests an order serves."""

    __tablename__ = "order_request"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), primary_key=True, index=True)


class OrderStep(Base):
    """One step of an order; the time of the tap counts, not of its arrival.

    automatic: the system took it, in the name of the duty dispatcher who is its actor
    request_id: of those who share, whose step it is alone
    """

    __tablename__ = "order_step"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    automatic: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    tapped_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    odometer_m: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    reason: Mapped[str | None]
    request_id: Mapped[UUID | None]


class Slip(Recorded, Base):
    """The numbered document of an order (派车单); a void one is kept."""

    __tablename__ = "slip"
    __table_args__ = (UniqueConstraint("issuer_no", "year", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    issuer_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"))
    year: Mapped[int]
    number: Mapped[int]
    content: Mapped[JsonObject]
    issued_at: Mapped[Instant]
    void_at: Mapped[Instant | None]
    void_reason: Mapped[str | None]


class SlipCounter(Base):
    """The last number that an issuer has given in a year; its row lock keeps numbers gapless."""

    __tablename__ = "slip_counter"

    issuer_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_number: Mapped[int]


class Suggestion(Recorded, Base):
    """The ranked vehicles that the dispatcher was shown, and why; kept as shown."""

    __tablename__ = "suggestion"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    travel_times: Mapped[str]
    candidates: Mapped[JsonList]
    left_out: Mapped[JsonList]
    chosen_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))


class Filing(Recorded, Base):
    """A statement accepted in advance that explains a vehicle's absence or use (报备)."""

    __tablename__ = "filing"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    kind: Mapped[str]
    period: Mapped[Period]
    reason: Mapped[str]
    place_name: Mapped[str | None]
    filed_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    accepted_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    accepted_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]


from dispatch.automatic.tables import AutoDispatchNote as AutoDispatchNote  # noqa: E402
from dispatch.automatic.tables import AutoDispatchRound as AutoDispatchRound  # noqa: E402
from dispatch.automatic.tables import DispatchLease as DispatchLease  # noqa: E402
from dispatch.automatic.tables import DutyDispatcher as DutyDispatcher  # noqa: E402
from dispatch.automatic.tables import ExchangePart as ExchangePart  # noqa: E402
from dispatch.automatic.tables import ExchangeProposal as ExchangeProposal  # noqa: E402
from dispatch.capacity.tables import CapacityLock as CapacityLock  # noqa: E402
from dispatch.capacity.tables import Reservation as Reservation  # noqa: E402
from dispatch.checks.tables import DepartureCheck as DepartureCheck  # noqa: E402
from dispatch.missions.tables import Mission as Mission  # noqa: E402
from dispatch.missions.tables import MissionPerson as MissionPerson  # noqa: E402
from dispatch.missions.tables import MissionRide as MissionRide  # noqa: E402
from dispatch.mobilisation.tables import Mobilisation as Mobilisation  # noqa: E402
from dispatch.mobilisation.tables import MobilisationOrder as MobilisationOrder  # noqa: E402
from dispatch.mobilisation.tables import MobilisationUnit as MobilisationUnit  # noqa: E402
from dispatch.orders.tables import OrderRun as OrderRun  # noqa: E402
from dispatch.orders.tables import Promise as Promise  # noqa: E402
from dispatch.plans.tables import Plan as Plan  # noqa: E402
from dispatch.plans.tables import PlanLine as PlanLine  # noqa: E402
from dispatch.roads.speeds.tables import RoadLearning as RoadLearning  # noqa: E402
from dispatch.roads.speeds.tables import RoadSpeed as RoadSpeed  # noqa: E402
from dispatch.series.tables import RequestSeries as RequestSeries  # noqa: E402
from dispatch.series.tables import SeriesRide as SeriesRide  # noqa: E402
from dispatch.shared_rides.tables import OrderWaypoint as OrderWaypoint  # noqa: E402
from dispatch.shared_rides.tables import SharingConsent as SharingConsent  # noqa: E402
from dispatch.slips.tables import SlipAmendment as SlipAmendment  # noqa: E402
from dispatch.suggestions.tables import SuggestionChoice as SuggestionChoice  # noqa: E402
from dispatch.suggestions.tables import SuggestionRecord as SuggestionRecord  # noqa: E402
