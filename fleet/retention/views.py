"""From the store's rows of retention to what the API shows."""

from collections.abc import Mapping
from datetime import datetime

from fleet.lists import AnyRow
from fleet.organisations.tables import Organisation
from fleet.refs import Named, VehicleRef, named
from fleet.retention import schemas
from fleet.retention.kinds import LIMITS, DataKind, horizon
from fleet.retention.tables import Hold, RetentionRule, RetentionRun


def retention(
    rules: Mapping[DataKind, RetentionRule], run: RetentionRun | None, now: datetime
) -> schemas.RetentionOut:
    """Show all rules and the newest run."""
    return schemas.RetentionOut(
        items=[_rule(kind, rules.get(kind), now) for kind in DataKind],
        last_run=schemas.RunOut(
            day=run.day, began_at=run.began_at, ended_at=run.ended_at, results=run.results
        )
        if run
        else None,
    )


def _rule(kind: DataKind, row: RetentionRule | None, now: datetime) -> schemas.RuleOut:
    limits = LIMITS[kind]
    days = row.keep_days if row else limits.default_days
    return schemas.RuleOut(
        kind=kind,
        keep_days=days,
        default_days=limits.default_days,
        minimum_days=limits.minimum_days,
        before=horizon(days, now),
        since=row.period.lower if row else None,
    )


def hold_row(row: AnyRow) -> schemas.HoldOut:
    """Show a row of `store.holds`."""
    one: Hold = row[0]
    return hold(
        one,
        Named(id=row.organisation_id, name=row.organisation_name),
        VehicleRef(id=row.vehicle_id, plate=row.plate) if row.vehicle_id else None,
        named(row.person_id, row.person_name),
        named(row.placer_id, row.placer_name),
    )


def hold(
    one: Hold,
    organisation: Named,
    vehicle: VehicleRef | None,
    person: Named | None,
    placed_by: Named | None,
) -> schemas.HoldOut:
    """Show a hold."""
    assert one.period.lower is not None
    return schemas.HoldOut(
        id=one.id,
        case_number=one.case_number,
        reason=one.reason,
        organisation=organisation,
        vehicle=vehicle,
        person=person,
        start=one.period.lower,
        end=one.period.upper,
        placed_by=placed_by,
        placed_at=one.placed_at,
        released_at=one.released_at,
    )


def organisation_name(row: Organisation) -> Named:
    """Refer to an organisation."""
    return Named(id=row.id, name=row.name)
