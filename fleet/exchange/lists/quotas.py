"""Quotas (编制) as a spreadsheet; a changed one holds from the import on."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.kinds import Code, Instant, OrganisationName, Text, Whole
from fleet.exchange.known import Known
from fleet.exchange.labels import CATEGORY
from fleet.exchange.plan import Alteration, ReadRow
from fleet.exchange.row_writer import RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.quotas.setting import set_quota
from fleet.quotas.tables import Quota
from fleet.words import Category


class QuotaWriter(RowWriter):
    """Sets quotas; the one in force until then ends."""

    async def add(self, session: AsyncSession, act: Act, _known: Known, row: ReadRow, /) -> None:
        """Set a quota."""
        count = row.values["count"]
        assert isinstance(count, int)
        await set_quota(
            session,
            act,
            organisation=await session.get_one(Organisation, row.values["organisation"]),
            category=Category(str(row.values["category"])),
            count=count,
            basis=str(row.values["basis"]),
        )

    async def change(
        self, session: AsyncSession, act: Act, known: Known, alteration: Alteration, /
    ) -> None:
        """Set the new quota."""
        await self.add(session, act, known, alteration.row)


def _joins(statement: Rows, now: datetime) -> Rows:
    return statement.join(Organisation, Organisation.no == Quota.organisation_no).where(
        in_force(Quota.period, now)
    )


QUOTAS = Sheet(
    name="quotas",
    zh="编制",
    en="Quotas",
    table=Quota,
    columns=(
        Column(
            "organisation", "单位", "Organisation", OrganisationName(), Quota.organisation_no,
            required=True, example="甲局",
        ),
        Column(
            "category", "用途类别", "Category", Code(CATEGORY), Quota.category, required=True,
            example="其他",
        ),
        Column(
            "count", "编制数", "Count", Whole(0, 100_000), Quota.count, required=True, example="5"
        ),
        Column(
            "basis", "依据", "Basis", Text(200), Quota.basis, required=True,
            example="示编〔2026〕1号",
        ),
        Column(
            "since", "生效时间", "Since", Instant(), func.lower(Quota.period), written=False
        ),
    ),
    read=Permission.QUOTA_READ,
    write=Permission.QUOTA_WRITE,
    owner=Quota.organisation_no,
    joins=_joins,
    key=("organisation", "category"),
    order=(Organisation.sort_key, Quota.category),
    writer=QuotaWriter(),
    search=(Organisation.name,),
)  # fmt: skip
