"""The application over the fresh database, and clients of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.dialects.postgresql import Range

from fleet.acts import Act
from fleet.places.places import add_place
from fleet.tables import Organisation, PersonRole
from fleet.words import PlaceKind, Role
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import World, client_of


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demo system, so that the invented plates are accepted."""
    return Settings(database_url=database_url, data_dir=tmp_path, demo=True, log_in_attempts=3)


@pytest.fixture
def app(settings: Settings, sessions: Sessions) -> FastAPI:
    """The application over the fresh database."""
    return app_over(settings, sessions)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not logged in."""
    async with client_of(app) as one:
        yield one


@pytest.fixture
async def two_clubs(world: World, sessions: Sessions) -> None:
    """A watched place of each unit; `dispatcher` looks after those of unit A alone."""
    async with transaction(sessions) as session:
        session.add(
            PersonRole(
                person_no=world.people["dispatcher"].no,
                organisation_no=world.organisations["a"].no,
                role=Role.SUPERVISOR_OFFICER,
                period=Range(world.since, None, bounds="[)"),
            )
        )
        for name, unit in (("甲会所", "a"), ("乙会所", "b")):
            await add_place(
                session,
                Act(actor=None, now=world.now),
                name=name,
                kind=PlaceKind.WATCHED,
                organisation=await session.get_one(Organisation, world.organisations[unit].no),
                latitude=40.0,
                longitude=110.0,
                radius_m=100,
            )
