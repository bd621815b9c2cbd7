"""The table of readings that a later version of the codec has superseded."""

from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import Base


class SupersededReading(Base):
    """Every reading of this position (terminal, raw time, digest) by a codec before
    `decode_version` is superseded; `positions_once` shows the newer one."""

    __tablename__ = "superseded_reading"

    terminal_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    time_raw: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    decode_version: Mapped[int] = mapped_column(SmallInteger)
