"""How mandates, standards and sealings come in: one by one by their rooms' own use cases."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import EmptyPeriod
from fleet.exchange.known import Known
from fleet.exchange.numbered import NumberedWriter, Told
from fleet.exchange.plan import Plan, ReadRow
from fleet.exchange.reasons import Reason
from fleet.organisations.errors import MandateHeld
from fleet.organisations.mandates import give_mandate
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.quotas.errors import CategoryWithoutStandard, LaterStandard
from fleet.quotas.setting import set_standard
from fleet.sealings.errors import SealingTooLong
from fleet.sealings.schemas import NewSealing
from fleet.sealings.sealings import order_sealing
from fleet.sealings.tables import Sealing
from fleet.sealings.windows import SealedDays
from fleet.vehicles.words import Body, Condition
from fleet.words import Category, Matter

_SAME_SEALING = Reason(
    "sealing-stands",
    "同一机构已下达同名、同起始时间的封存。",
    "The organisation has ordered a sealing of this name and start already.",
)


class MandateWriter(NumberedWriter):
    """Gives mandates."""

    told: ClassVar[Told] = {
        MandateHeld: ("matter", "该时段此事项的职权已由另一机构持有。"),
        EmptyPeriod: ("end", "结束时间须晚于开始时间。"),
    }

    async def add(self, session: AsyncSession, act: Act, _known: Known, row: ReadRow, /) -> None:
        """Give a mandate, from now on unless said otherwise."""
        await give_mandate(
            session,
            act,
            holder=await session.get_one(Organisation, row.values["holder"]),
            over=await session.get_one(Organisation, row.values["over"]),
            matter=Matter(str(row.values["matter"])),
            since=_instant(row, "start"),
            until=_instant(row, "end"),
        )


class StandardWriter(NumberedWriter):
    """Sets standards; what the organisation said of the kind until then ends."""

    told: ClassVar[Told] = {
        LaterStandard: ("since", "此类标准已有更晚生效的。"),
        CategoryWithoutStandard: ("category", "特种专业技术用车没有统一标准。"),
    }

    async def add(self, session: AsyncSession, act: Act, _known: Known, row: ReadRow, /) -> None:
        """Set a standard."""
        values = row.values
        category, displacement, price = (
            values.get("category"),
            values.get("displacement_ml"),
            values["price_fen"],
        )
        assert isinstance(price, int)
        await set_standard(
            session,
            act,
            organisation=await session.get_one(Organisation, values["set_by"]),
            category=Category(str(category)) if category else None,
            condition=Condition(str(values.get("condition") or Condition.NORMAL)),
            bodies=[Body(word) for word in _words(values.get("bodies"))],
            new_energy=bool(values.get("new_energy")),
            price_fen=price,
            displacement_ml=displacement if isinstance(displacement, int) else None,
            source=str(values["source"]),
            since=_instant(row, "since"),
        )


class SealingWriter(NumberedWriter):
    """Orders sealings; vehicles are exempted one by one in the system, not by a file."""

    told: ClassVar[Told] = {
        EmptyPeriod: ("end", "结束时间须晚于开始时间。"),
        SealingTooLong: ("end", "一次封存至多 366 天。"),
    }

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Refuse what was ordered already: the same file may be sent twice."""
        scope = known.extent.scope(Permission.SEALING_WRITE)
        rows = await session.execute(
            select(Sealing.organisation_no, Sealing.name, func.lower(Sealing.period)).where(
                Sealing.organisation_no.in_(scope),
                Sealing.ended_at.is_(None),
                Sealing.superseded_at.is_(None),
                Sealing.name.in_({str(one.row.values["name"]) for one in plan.additions}),
            )
        )
        standing = {(no, name, start) for no, name, start in rows}
        for one in plan.additions:
            values = one.row.values
            key = (values["organisation"], values["name"], values["start"])
            if key in standing:
                plan.refuse(one.row, "name", _SAME_SEALING)
            standing.add(key)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Order a sealing."""
        values = row.values
        organisation = await session.get_one(Organisation, values["organisation"])
        start, end = _instant(row, "start"), _instant(row, "end")
        assert start is not None
        assert end is not None
        region = values.get("region_code")
        body = NewSealing(
            name=str(values["name"]),
            basis=str(values["basis"]),
            organisation_id=organisation.id,
            region_code=str(region) if region else None,
            start=start,
            end=end,
            days=SealedDays(str(values.get("days") or SealedDays.EVERY_DAY)),
            exempt_categories=[Category(word) for word in _words(values.get("exempt"))],
            exempt_vehicle_ids=[],
        )
        scope = known.extent.scope(Permission.SEALING_WRITE)
        await order_sealing(session, act, body, organisation, scope)


def _instant(row: ReadRow, name: str) -> datetime | None:
    value = row.values.get(name)
    return value if isinstance(value, datetime) else None


def _words(value: object) -> list[str]:
    return [word for word in str(value or "").split(",") if word]
