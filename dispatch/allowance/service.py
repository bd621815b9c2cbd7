"""Asks the allowance about a request when it is submitted, and keeps the answer with it."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.allowance.answering import answer
from dispatch.requests.way import places_of
from dispatch.tables import Request
from dispatch.words import Purpose
from fleet.allowances.store import draws_allowance
from fleet.rules import RuleKey, effective


async def answer_allowance(session: AsyncSession, request: Request, now: datetime) -> None:
    """Write into a request that is submitted what the allowance says of it, by today's lists.

    Kept with the answer are the versions of both rules, which count for the organisation that said
    them, and when they were asked.
    """
    area = await effective(session, RuleKey.ALLOWANCE_AREA, request.organisation_no, now)
    listed = await effective(session, RuleKey.ALLOWANCE_PURPOSES, request.organisation_no, now)
    found = answer(
        area.value,
        listed.value,
        places=places_of(request),
        purpose=Purpose(request.purpose),
        draws_allowance=await draws_allowance(
            session, request.passenger_no, request.period.lower or now
        ),
    )
    request.allowance = {
        **asdict(found),
        "rule_version": listed.version,
        "area_version": area.version,
        "answered_at": now.isoformat(),
    }


def refusal(request: Request) -> str | None:
    """Return the sentence of a request that the allowance doesn't allow, None for others."""
    told = request.allowance
    return str(told["sentence"]) if told and not told["allowed"] else None
