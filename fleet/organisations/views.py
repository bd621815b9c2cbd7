"""From the store's rows of organisations to what the API shows."""

from fleet.organisations import schemas
from fleet.organisations.tables import Organisation
from fleet.refs import Named
from fleet.words import (
    OrganisationKind,
)


def organisation(row: Organisation, parent: Named | None) -> schemas.OrganisationOut:
    """Show an organisation."""
    return schemas.OrganisationOut(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        region_code=row.region_code,
        uscc=row.uscc,
        parent=parent,
    )
