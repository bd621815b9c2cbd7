"""From the store's rows of grants to what the API shows."""

from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.refs import Named, VehicleRef
from fleet.supervision import schemas
from fleet.supervision.tables import SupervisionGrant
from fleet.supervision.words import IssuerKind
from fleet.vehicles.tables import Vehicle


def grant_out(
    grant: SupervisionGrant, person: Person, organisation: Organisation, vehicles: list[Vehicle]
) -> schemas.GrantOut:
    """Show a grant with the vehicles that it names."""
    assert grant.period.lower is not None
    assert grant.period.upper is not None
    return schemas.GrantOut(
        id=grant.id,
        letter_no=grant.letter_no,
        issuer_kind=IssuerKind(grant.issuer_kind),
        issuer_name=grant.issuer_name,
        person=Named(id=person.id, name=person.name),
        organisation=Named(id=organisation.id, name=organisation.name),
        vehicles=[VehicleRef(id=v.id, plate=v.plate) for v in vehicles]
        if grant.by_vehicle
        else None,
        matter=grant.matter,
        start=grant.period.lower,
        end=grant.period.upper,
        ended_at=grant.ended_at,
        ended_reason=grant.ended_reason,
    )
