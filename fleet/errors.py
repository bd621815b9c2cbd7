"""Why the register refuses something."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import violated_constraint
from kit.errors import BadRequest, Conflict, DomainError, NotLoggedIn, TooMany


class LogInFailed(NotLoggedIn):
    """The account name or the password is wrong."""


class TooManyLogIns(TooMany):
    """Too many failed log-ins for this account; wait before the next."""


class UsernameTaken(Conflict):
    """Another person has this account name."""


class PlateTaken(Conflict):
    """Another vehicle has this plate."""


class TerminalTaken(Conflict):
    """A terminal with this number is already in the register."""


class AlreadyDriver(Conflict):
    """This person already stands in the register of drivers."""


class BindingOverlap(Conflict):
    """The terminal or the vehicle is already bound in that period."""


class EmptyPeriod(BadRequest):
    """The period ends before it begins."""


class NotABase(BadRequest):
    """This place is no base (定点停放点)."""


async def flush_or_refuse(session: AsyncSession, refusals: Mapping[str, type[DomainError]]) -> None:
    """Write what is pending; a violated constraint becomes the error that `refusals` names."""
    try:
        await session.flush()
    except IntegrityError as error:
        refusal = refusals.get(violated_constraint(error) or "")
        if refusal is None:
            raise
        raise refusal from error
