"""Use cases of import: the dry run that lists every bad row, and the import, all or nothing."""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.errors import ImportRefused
from fleet.exchange.files import read_file
from fleet.exchange.knowing import load_known
from fleet.exchange.known import Extent, Known
from fleet.exchange.plan import Plan, Problem, Progress, RowRefused
from fleet.exchange.reasons import Reason
from fleet.exchange.sheets import Sheet
from fleet.exchange.tables import read_rows
from fleet.vehicles.secrecy import load_refusals, refusal_key_of
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Importing:
    """One import: the list, by whom and when, how far they reach."""

    sheet: Sheet
    act: Act
    extent: Extent
    settings: Settings


async def dry_run(session: AsyncSession, one: Importing, content: bytes) -> Plan:
    """Return what importing `content` would do, with every problem; nothing is changed.

    Raises what `read_file` and `read_rows` raise.
    """
    return (await _planned(session, one, content))[1]


async def import_file(
    session: AsyncSession, one: Importing, content: bytes, progress: Progress
) -> Plan:
    """Import `content` in the session's transaction, and return what was done.

    Raises ImportRefused with the plan's problems, and what `dry_run` raises; then nothing remains
    once the caller has rolled back.
    """
    known, plan = await _planned(session, one, content)
    if plan.problems:
        raise refused(plan)
    assert one.sheet.writer is not None
    act = replace(one.act, reason=one.act.reason or f"import of {one.sheet.name}")
    try:
        await one.sheet.writer.apply(session, act, known, plan, progress)
    except RowRefused as refusal:
        error = refusal.error
        reason = Reason(error.problem_type(), error.detail or error.title(), str(error))
        plan.problems.append(Problem(refusal.row, reason))
        raise refused(plan) from refusal
    act.record(
        session,
        "list.import",
        "list",
        None,
        organisation_no=_home(one),
        after={
            "list": one.sheet.name,
            "rows": plan.rows,
            "added": len(plan.additions),
            "changed": len(plan.alterations),
            "unchanged": plan.unchanged,
        },
    )
    await session.flush()
    return plan


def refused(plan: Plan) -> ImportRefused:
    """Return the error that carries the plan and names its first problem."""
    return ImportRefused(f"{len(plan.problems)} problems; the first: {_first(plan)}", plan)


def _first(plan: Plan) -> str:
    problem = min(plan.problems, key=lambda one: one.row or 0)
    place = problem.cell or (f"row {problem.row}" if problem.row else "the file")
    return f"{place}: {problem.reason.en}"


def _home(one: Importing) -> int | None:
    assert one.sheet.write is not None
    return one.act.actor.home(one.sheet.write) if one.act.actor else None


async def _planned(session: AsyncSession, one: Importing, content: bytes) -> tuple[Known, Plan]:
    assert one.sheet.write is not None
    assert one.sheet.writer is not None
    known = await load_known(
        session, one.sheet, one.sheet.write, one.extent, one.act.now, one.settings
    )
    if one.sheet.withhold is not None:
        refusals = await load_refusals(session, refusal_key_of(one.settings))
        known = replace(known, refusals=refusals)
    table = await asyncio.to_thread(read_file, content)
    plan, rows = await asyncio.to_thread(read_rows, one.sheet, table, known)
    await one.sheet.writer.plan(session, one.sheet, known, rows, plan)
    plan.settle()
    return known, plan
