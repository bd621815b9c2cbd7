"""The table of readings that a later version of the codec has superseded."""

from sqlalchemy import BigInteger, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant
from kit.database import Base


class SupersededReading(Base):
    """Every reading of this position (terminal, raw time, digest) by a codec before
    `decode_version` is superseded; `positions_once` shows the newer one.

    last_at: the latest time at which such a reading stands, of a doubtful one its receipt; when
        retention has erased the positions of that time, nothing is left to be superseded
    """

    __tablename__ = "superseded_reading"

    terminal_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    time_raw: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    decode_version: Mapped[int] = mapped_column(SmallInteger)
    last_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
