"""The table of delegations.

What a person is, by their own roles and by delegation, is read from the view `held_role`
(person_no, organisation_no, role, period, delegation_no): a delegation there lasts no longer than
the giver's role, and not at all while the giver is disabled.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fleet.endings import Withdrawable
from kit.columns import Numbered, Recorded
from kit.database import Base


class Delegation(Withdrawable, Numbered, Recorded, Base):
    """A role of `giver_no` in an organisation, lent to `deputy_no` for a period."""

    __tablename__ = "delegation"

    giver_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    deputy_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    role: Mapped[str]
    reason: Mapped[str]
