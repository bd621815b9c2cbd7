"""From the store's rows of sealings to what the API shows."""

from fleet.lists import AnyRow
from fleet.organisations.tables import Organisation
from fleet.refs import Named
from fleet.sealings import schemas
from fleet.sealings.tables import Sealing
from fleet.sealings.windows import SealedDays
from fleet.words import Category


def sealing(row: Sealing, organisation: Organisation) -> schemas.SealingOut:
    """Show a sealing."""
    assert row.period.lower is not None
    assert row.period.upper is not None
    return schemas.SealingOut(
        id=row.id,
        name=row.name,
        version=row.version,
        basis=row.basis,
        organisation=Named(id=organisation.id, name=organisation.name),
        region_code=row.region_code,
        start=row.period.lower,
        end=row.period.upper,
        days=SealedDays(row.days),
        exempt_categories=[Category(one) for one in row.exempt_categories],
        ended_at=row.ended_at,
        superseded_at=row.superseded_at,
    )


def vehicle(row: AnyRow) -> schemas.SealingVehicle:
    """Show a row of `store.concerned`."""
    return schemas.SealingVehicle(
        id=row[0].id,
        plate=row[0].plate,
        unit=Named(id=row.unit_id, name=row.unit_name),
        category=Category(row[0].category),
        exempt=row.exempt,
    )
