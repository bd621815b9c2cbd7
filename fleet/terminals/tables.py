"""Tables of terminals and their dated bindings to vehicles."""

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Terminal(Numbered, Recorded, Base):
    """A positioning device (车载终端); `phone` is the digits it signs with, no leading zeros.

    `authentication` says how it proves itself: by the token it was given, or, for devices that
    never authenticate, by its number alone.
    """

    __tablename__ = "terminal"
    __table_args__ = (UniqueConstraint("protocol", "phone"), Index(None, "phone", "id"))

    protocol: Mapped[str]
    phone: Mapped[str]
    maker: Mapped[str | None]
    model: Mapped[str | None]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    authentication: Mapped[str] = mapped_column(server_default=text("'token'"))
    token: Mapped[str | None]
    registered_at: Mapped[Instant | None]
    link_epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class VehicleTerminal(Recorded, Base):
    """Which vehicle a terminal sits in, for a period; only a primary source feeds trips."""

    __tablename__ = "vehicle_terminal"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    terminal_no: Mapped[int] = mapped_column(ForeignKey("terminal.no"), index=True)
    is_primary: Mapped[bool] = mapped_column(server_default=text("true"))
    period: Mapped[Period]


class BindingChange(Base):
    """From when on a vehicle's terminals were bound anew: its trips are derived again."""

    __tablename__ = "binding_change"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"))
    since: Mapped[Instant]
