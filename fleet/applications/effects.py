"""What an approval sets off, and how the rest is carried out later.

A quota and a renewal take effect with their approval. A provision waits until the vehicle is
bought and stands in the register; a disposal waits until the vehicle has left.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.applications.errors import WrongVehicle
from fleet.applications.tables import Application
from fleet.applications.words import ApplicationKind
from fleet.organisations.tables import Organisation
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.setting import set_quota
from fleet.quotas.standards import Judged
from fleet.vehicles.disposals import dispose
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import unit_no_at
from fleet.vehicles.renewals import renew
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.words import Body, Condition, DisposalMethod, EventKind
from fleet.words import Category, Energy
from kit.clock import shanghai_day


async def approved(session: AsyncSession, act: Act, application: Application) -> bool:
    """Do what an approval sets off; return whether the application is thereby carried out.

    Raises LaterQuota, IllegalStep, and OverQuota and OverStandard where the unit's rules refuse.
    """
    content = application.content
    match ApplicationKind(application.kind):
        case ApplicationKind.QUOTA_APPROVAL:
            unit = await session.get_one(Organisation, application.organisation_no)
            await set_quota(
                session,
                act,
                organisation=unit,
                category=Category(str(content["category"])),
                count=int(str(content["count"])),
                basis=str(content["basis"]),
            )
            return True
        case ApplicationKind.RENEWAL:
            vehicle = await session.get_one(Vehicle, application.vehicle_no)
            await renew(session, act, vehicle, day=shanghai_day(act.now))
            return True
        case ApplicationKind.PROVISION:
            unit_no, planned = application.organisation_no, _planned(application)
            await over_quota(session, [(unit_no, planned.category)], act.now)
            await over_standard(session, [(unit_no, planned)], act.now)
            return False
        case ApplicationKind.DISPOSAL:
            return False


async def provided(
    session: AsyncSession, act: Act, application: Application, vehicle: Vehicle, decided: datetime
) -> None:
    """Enter the approval of `decided` into the life of the vehicle that was bought on it.

    Raises WrongVehicle, and IllegalStep when the vehicle was bought before the approval.
    """
    unit_no = await unit_no_at(session, vehicle.no, act.now)
    asked = application.content["category"]
    if unit_no != application.organisation_no or vehicle.category != asked:
        raise WrongVehicle
    application.vehicle_no = vehicle.no
    facts = {"application": {"id": str(application.id)}}
    await add_event(
        session,
        act,
        vehicle,
        EventKind.QUOTA_APPROVED,
        shanghai_day(decided),
        organisation_no=unit_no,
        facts=facts,
    )
    act.record(
        session,
        "vehicle.step",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        after={"kind": EventKind.QUOTA_APPROVED, **facts},
    )
    await session.flush()


async def disposed(
    session: AsyncSession,
    act: Act,
    application: Application,
    *,
    income_fen: int | None,
    at: datetime | None,
) -> None:
    """Dispose of the vehicle by the approved method. Raises what `dispose` raises."""
    vehicle = await session.get_one(Vehicle, application.vehicle_no)
    method = DisposalMethod(str(application.content["method"]))
    await dispose(session, act, vehicle, method=method, income_fen=income_fen, at=at)


def _planned(application: Application) -> Judged:
    """Return what the standards judge of the vehicle that is to be bought."""
    content = application.content
    body, price, displacement = (
        content.get(name) for name in ("body", "price_fen", "displacement_ml")
    )
    return Judged(
        category=Category(str(content["category"])),
        condition=Condition(str(content["condition"])),
        body=Body(str(body)) if body else None,
        new_energy=content["energy"] == Energy.ELECTRIC,
        price_fen=int(str(price)) if price is not None else None,
        displacement_ml=int(str(displacement)) if displacement is not None else None,
    )
