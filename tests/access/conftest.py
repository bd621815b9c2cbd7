"""Unit A's objects in a fresh database, everybody who may ask for them, and the application."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import token_digest
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from fleet.tables import (
    ApiToken,
    Delegation,
    ExternalIdentity,
    LogIn,
    Mandate,
    Person,
    PersonRole,
    SecondFactor,
    SupervisionGrant,
)
from fleet.words import Matter, Role
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ids import new_id
from kit.settings import Settings
from tests.access.cast import Where, gather, log_in_as, narrow_tokens
from tests.access.rolling_back import RollingBack
from tests.access.seeds.by_api import seed_by_api
from tests.access.seeds.made import PNG, Seeds, id_of
from tests.access.seeds.rows import seed_rows
from tests.access.walking import Tally
from tests.support.apps import app_over
from tests.support.engines import reused_sessions
from tests.support.servers import TemplateDatabases
from tests.support.world import build_world, client_of
from tracking.live.fleet import LiveFleet
from tracking.live.index import LivePosition


def settings_for(database_url: str, data_dir: Path) -> Settings:
    """A demo system's, with a provider that nobody reaches, and without a count of queries."""
    return Settings(
        database_url=database_url,
        data_dir=data_dir,
        demo=True,
        costly_per_minute=1_000_000,
        oidc_discovery_url="https://id.example/.well-known/openid-configuration",
        oidc_client_id="gongche",
    )


async def plant(settings: Settings) -> Seeds:
    """Seed the database of these settings and return what is in it."""
    async with reused_sessions(settings.required_database_url) as sessions:
        return await _planted(settings, sessions)


async def _planted(settings: Settings, sessions: Sessions) -> Seeds:
    async with transaction(sessions) as session:
        world = await build_world(session, utc_now())
        seeds = Seeds(world, await gather(session, world))
        await _visitor(session, seeds)
        await seed_rows(session, seeds)
        letter = select(SupervisionGrant.id).where(
            SupervisionGrant.organisation_no == seeds.unit.no
        )
        seeds.ids["grant"] = (await session.scalars(letter)).one()
        await _owned(session, seeds)
    async with client_of(app_over(settings, sessions)) as client, sessions() as session:
        await seed_by_api(client, session, seeds)
        await _picture(client, seeds)
    async with transaction(sessions) as session:
        await seal_pending(session, Algorithm.SHA256, utc_now())
    return seeds


async def _picture(client: httpx.AsyncClient, seeds: Seeds) -> None:
    """Put a picture under A's document."""
    manager = seeds.cast[Role.FLEET_MANAGER, Where.INSIDE]
    answer = await client.put(
        f"/api/v1/documents/{id_of(seeds.ids['document'])}/content",
        content=PNG,
        headers={"Authorization": f"Bearer {manager.token}"},
    )
    answer.raise_for_status()


async def _visitor(session: AsyncSession, seeds: Seeds) -> None:
    """Somebody of A who waits for a letter."""
    person = Person(id=new_id(), username="visitor_a", name="来访人", sort_key="lai")
    session.add(person)
    await session.flush()
    seeds.world.people["visitor_a"] = person
    session.add(
        PersonRole(
            person_no=person.no,
            organisation_no=seeds.unit.no,
            role=Role.EXTERNAL_SUPERVISOR,
            period=Range(seeds.world.since, None, bounds="[)"),
        )
    )


async def _owned(session: AsyncSession, seeds: Seeds) -> None:
    """What belongs to single people of A: a session, a token, a delegation, a bound subject."""
    clerk = seeds.person("clerk_a")
    await log_in_as(session, clerk, seeds.now)
    mine = select(LogIn.id).where(LogIn.person_no == clerk.no)
    seeds.ids["session"] = (await session.scalars(mine)).first()
    mandate = select(Mandate.id).where(
        Mandate.over_no == seeds.unit.no, Mandate.matter == Matter.APPROVE
    )
    seeds.ids["mandate"] = (await session.scalars(mandate)).one()
    token = ApiToken(
        token_digest=token_digest("token-of-a"),
        person_no=seeds.cast[Role.UNIT_CLERK, Where.INSIDE].person.no,
        name="报表",
        permissions=[],
        created_at=seeds.now,
        expires_at=seeds.now + timedelta(days=1),
    )
    lent = Delegation(
        giver_no=seeds.cast[Role.UNIT_APPROVER, Where.INSIDE].person.no,
        deputy_no=seeds.person("visitor_a").no,
        organisation_no=seeds.unit.no,
        role=Role.UNIT_APPROVER,
        period=Range(seeds.now, seeds.now + timedelta(days=3), bounds="[)"),
        reason="出差",
    )
    bound = ExternalIdentity(
        person_no=clerk.no, issuer="https://id.example", subject="a", bound_at=seeds.now
    )
    gone = Person(
        id=new_id(), username="gone_a", name="离任者", sort_key="li", disabled_at=seeds.now
    )
    factor = SecondFactor(
        person_no=clerk.no, sealed_secret=b"sealed", begun_at=seeds.now, confirmed_at=seeds.now
    )
    session.add_all([token, lent, bound, gone, factor, *narrow_tokens(seeds.world)])
    await session.flush()
    seeds.world.people["gone_a"] = gone
    session.add(
        PersonRole(
            person_no=gone.no,
            organisation_no=seeds.unit.no,
            role=Role.UNIT_CLERK,
            period=Range(seeds.world.since, None, bounds="[)"),
        )
    )
    seeds.ids |= {"token": token.id, "delegation": lent.id}


@pytest.fixture(scope="module")
def settings(
    template_databases: TemplateDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Those of the matrix, with a database for all its rooms."""
    url = template_databases.create()
    yield settings_for(url, tmp_path_factory.mktemp("matrix"))
    template_databases.drop(url)


@pytest.fixture(scope="module")
def seeds(settings: Settings, sharing_kernel: None) -> Seeds:  # rides are shared
    """What was planted."""
    return asyncio.run(plant(settings))


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    """What was tried so far, by route."""
    return {}


@pytest.fixture
async def rolling(settings: Settings, seeds: Seeds) -> AsyncIterator[RollingBack]:
    """The application in which nothing lasts, where A's vehicle was just heard of."""
    async with RollingBack(settings) as one:
        live: LiveFleet = one.app.state.live
        async with one.app.state.sessions() as session:
            await live.read_register(session, utc_now())
        position = LivePosition(seeds.vehicle.no, int(seeds.now.timestamp()), 0, 40.05, 110.05)
        assert live.index.put(position)
        yield one


@pytest.fixture
async def client(rolling: RollingBack) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it; unexpected errors answer 500."""
    transport = httpx.ASGITransport(rolling, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gongche.test") as one:
        yield one
