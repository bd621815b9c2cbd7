"""People of the province: staff of every level, and drivers."""

from __future__ import annotations

from random import Random

from demo.province import wording
from demo.province.ids import Ids
from demo.province.model import OrganisationDraft, PersonDraft, Shape
from fleet.words import OrganisationKind, Role

_OF_A_BUREAU = (
    Role.FLEET_MANAGER,
    Role.DISPATCHER,
    Role.AUTHORITY_APPROVER,
    Role.SUPERVISOR_OFFICER,
)
_OF_THE_PROVINCE = (
    Role.FINANCE,
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
)
_OF_A_UNIT = (Role.UNIT_CLERK, Role.UNIT_APPROVER, Role.APPLICANT)
_LICENCES = ("C1", "C1", "C1", "B1", "A1")


def draw_people(
    random: Random, ids: Ids, shape: Shape, organisations: tuple[OrganisationDraft, ...]
) -> tuple[PersonDraft, ...]:
    """Return staff and drivers; of each level one organisation's staff can log in."""
    people = [
        PersonDraft(
            ids.next(), f"{level}-{role}", wording.person(n), role, organisation, logs_in=True
        )
        for level, organisation, roles in _with_accounts(shape)
        for n, role in enumerate(roles)
    ]
    staffed = {one.organisation for one in people}
    for n, organisation in enumerate(organisations):
        if n in staffed:
            continue
        bureau = organisation.kind == OrganisationKind.BUREAU
        for role in _OF_A_BUREAU if bureau else _OF_A_UNIT[:1]:
            name = wording.person(random.randrange(10_000))
            people.append(PersonDraft(ids.next(), f"p{n:04}-{role}", name, role, n))
    drivers = shape.vehicles * shape.drivers_per_100 // 100
    weights = [one.weight for one in organisations]
    for n, employer in enumerate(random.choices(range(len(organisations)), weights, k=drivers)):
        people.append(
            PersonDraft(
                id=ids.next(),
                username=f"d{n + 1:06}",
                name=wording.person(random.randrange(10_000)),
                role=Role.DRIVER,
                organisation=employer,
                licence_class=random.choice(_LICENCES),
                driver_id=ids.next(),
            )
        )
    return tuple(people)


def _with_accounts(shape: Shape) -> list[tuple[str, int, tuple[Role, ...]]]:
    """Return (level, organisation, roles) of those who can log in: the first of each level."""
    first_unit = 1 + shape.cities + shape.counties
    return [
        ("province", 0, _OF_A_BUREAU + _OF_THE_PROVINCE),
        ("city", 1, _OF_A_BUREAU),
        ("county", 1 + shape.cities, _OF_A_BUREAU),
        ("unit", first_unit, _OF_A_UNIT),
    ]
