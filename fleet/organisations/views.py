"""From the store's rows of organisations to what the API shows."""

from collections.abc import Mapping, Sequence

from fleet.lists import AnyRow
from fleet.organisations import mandate_schemas, region_codes, schemas
from fleet.organisations.doubts import SENTENCE, OrganisationDoubt
from fleet.organisations.tables import (
    Mandate,
    Organisation,
    OrganisationName,
    OrganisationParent,
    OrganisationSuccession,
    Region,
)
from fleet.refs import Named, named
from fleet.words import Matter, OrganisationKind


def organisation(row: Organisation, parent: Named | None) -> schemas.OrganisationOut:
    """Show an organisation."""
    return schemas.OrganisationOut(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        region_code=row.region_code,
        uscc=row.uscc,
        parent=parent,
        ended_at=row.ended_at,
    )


def written(row: AnyRow, doubts: Sequence[OrganisationDoubt]) -> schemas.OrganisationWritten:
    """Show a row of `store.organisations` with what is doubtful about it."""
    return schemas.OrganisationWritten(
        **organisation(row[0], named(row.parent_id, row.parent_name)).model_dump(),
        warnings=[schemas.Warned(code=one, sentence=SENTENCE[one]) for one in doubts],
    )


def detail(
    row: AnyRow,
    doubts: Sequence[OrganisationDoubt],
    names: Sequence[OrganisationName],
    parents: Sequence[OrganisationParent],
    stood_under: Mapping[int, Organisation],
    successions: Sequence[tuple[OrganisationSuccession, Organisation, Organisation]],
) -> schemas.OrganisationDetail:
    """Show an organisation with its history."""
    shown: Organisation = row[0]
    after = [
        schemas.Succession(organisation=_named(new), at=merger.at)
        for merger, old, new in successions
        if old.no == shown.no
    ]
    return schemas.OrganisationDetail(
        **written(row, doubts).model_dump(),
        names=[
            schemas.NamePeriod(name=one.name, start=one.period.lower, end=one.period.upper)
            for one in names
        ],
        parents=[
            schemas.ParentPeriod(
                parent=_named(stood_under[one.parent_no]),
                start=one.period.lower,
                end=one.period.upper,
            )
            for one in parents
        ],
        predecessors=[
            schemas.Succession(organisation=_named(old), at=merger.at)
            for merger, old, new in successions
            if new.no == shown.no
        ],
        successor=after[0] if after else None,
    )


def mandate(row: AnyRow) -> mandate_schemas.MandateOut:
    """Show a row of `mandate_store.mandates`."""
    given: Mandate = row[0]
    return mandate_schemas.MandateOut(
        id=given.id,
        holder=_named(row[1]),
        over=_named(row[2]),
        matter=Matter(given.matter),
        start=given.period.lower,
        end=given.period.upper,
    )


def region(row: Region) -> schemas.RegionOut:
    """Show a region."""
    return schemas.RegionOut(
        code=row.code,
        name=row.name,
        level=region_codes.level(row.code),
        upper=region_codes.upper(row.code),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=row.successor,
    )


def _named(row: Organisation) -> Named:
    return Named(id=row.id, name=row.name)
