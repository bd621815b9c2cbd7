"""Commands about requests: somebody asks for a ride, and somebody decides about one."""

from dataclasses import dataclass
from datetime import timedelta

from dispatch.requests import service
from dispatch.requests.schemas import RequestIn
from dispatch.requests.service import Act
from dispatch.requests.states import RequestAction
from dispatch.tables import Request
from tests.dispatch.commands.desk import Desk
from tests.dispatch.office import wish

SLOT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for a ride of two hours that begins so many slots from now."""

    who: str
    passenger: str
    slot: int
    draft: bool = False

    async def run(self, desk: Desk) -> None:
        start = desk.now + timedelta(minutes=30) + self.slot * SLOT
        body = RequestIn.model_validate(
            wish(
                passenger_id=str(desk.person(self.passenger)),
                start=start.isoformat(),
                end=(start + timedelta(hours=2)).isoformat(),
                draft=self.draft,
            )
        )
        actor = desk.actors[self.who]
        await desk.attempt(lambda s: service.ask(s, actor, body, desk.now, None))


@dataclass(frozen=True, slots=True)
class Decide:
    """Take a step of one of the newest requests, with or without a reason."""

    who: str
    action: RequestAction
    which: int = 0
    reason: str | None = None

    async def run(self, desk: Desk) -> None:
        request = await desk.newest(Request, self.which)
        if request is not None:
            doing, actor = Act(self.action, request.revision, self.reason), desk.actors[self.who]
            await desk.attempt(lambda s: service.act(s, actor, request.id, doing, desk.now, None))
