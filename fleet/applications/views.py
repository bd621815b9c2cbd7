"""From the store's rows of applications to what the API shows."""

from collections.abc import Sequence

from fleet.applications import schemas
from fleet.applications.tables import Application, ApplicationStep
from fleet.applications.words import ApplicationAct, ApplicationKind, ApplicationState
from fleet.lists import AnyRow
from fleet.refs import Named, VehicleRef


def application(row: AnyRow) -> schemas.ApplicationOut:
    """Show a row of `store.applications`."""
    one: Application = row[0]
    return schemas.ApplicationOut(
        id=one.id,
        kind=ApplicationKind(one.kind),
        state=ApplicationState(one.state),
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        vehicle=(
            VehicleRef(id=row.vehicle_id, plate=row.vehicle_plate) if row.vehicle_id else None
        ),
        applicant=Named(id=row.applicant_id, name=row.applicant_name),
        content=one.content,
        recorded_at=one.recorded_at,
    )


def with_steps(row: AnyRow, steps: Sequence[AnyRow]) -> schemas.ApplicationWithSteps:
    """Show an application with the acts upon it."""
    return schemas.ApplicationWithSteps(
        **application(row).model_dump(), steps=[_step(one) for one in steps]
    )


def _step(row: AnyRow) -> schemas.ApplicationStepOut:
    step: ApplicationStep = row[0]
    return schemas.ApplicationStepOut(
        act=ApplicationAct(step.act),
        state=ApplicationState(step.state),
        person=Named(id=row.person_id, name=row.person_name),
        at=step.at,
        reason=step.reason,
    )
