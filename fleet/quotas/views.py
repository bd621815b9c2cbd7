"""From the store's rows of quotas and standards to what the API shows."""

from fleet.lists import AnyRow
from fleet.quotas import schemas
from fleet.quotas.tables import Quota, SecretVehicleCount, Standard
from fleet.refs import Named, named
from fleet.vehicles.words import Body, Condition
from fleet.words import Category


def quota(row: Quota, organisation: Named, used: int) -> schemas.QuotaOut:
    """Show a quota of which `used` places are taken."""
    return schemas.QuotaOut(
        id=row.id,
        organisation=organisation,
        category=Category(row.category),
        count=row.count,
        used=used,
        free=max(row.count - used, 0),
        over=max(used - row.count, 0),
        basis=row.basis,
        since=row.period.lower,
        until=row.period.upper,
    )


def standard(row: Standard, organisation: Named | None) -> schemas.StandardOut:
    """Show a standard."""
    return schemas.StandardOut(
        id=row.id,
        organisation=organisation,
        category=Category(row.category) if row.category else None,
        condition=Condition(row.condition),
        bodies=[Body(word) for word in row.bodies.split(",") if word],
        new_energy=row.new_energy,
        price_fen=row.price_fen,
        displacement_ml=row.displacement_ml,
        source=row.source,
        since=row.period.lower,
        until=row.period.upper,
    )


def standard_row(row: AnyRow) -> schemas.StandardOut:
    """Show a row of `store.standards`."""
    return standard(row[0], named(row.organisation_id, row.organisation_name))


def secret_count(row: AnyRow) -> schemas.SecretCountOut:
    """Show a row of `store.secret_counts`."""
    counted: SecretVehicleCount = row[0]
    return schemas.SecretCountOut(
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        count=counted.count,
        recorded_at=counted.recorded_at,
    )
