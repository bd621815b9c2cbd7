"""Commands that prepare data: migrations, maps, people, the API's description."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.password_changes import require_fit
from fleet.identity.passwords import hash_password
from fleet.identity.set_up import IssuedLink, issue_link
from fleet.people.accounts import RoleIn, create_person, ensure_first_organisation
from fleet.tables import Organisation, Person
from fleet.words import Role
from gateway.cli.backup import migrate_safely
from gateway.cli.links import tell_link
from gateway.cli.running import read_settings, run
from kit import database
from kit.clock import utc_now
from kit.errors import NotFound
from kit.settings import Settings

maps = typer.Typer(help="Maps: roads, basemap and places from one OpenStreetMap file.")
users = typer.Typer(help="People with accounts.")


def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = read_settings()
    for line in migrate_safely(settings, settings.required_database_url):
        typer.echo(line)


def openapi(
    target: Annotated[
        Path | None, typer.Argument(help="A file; standard output if left out")
    ] = None,
) -> None:
    """Write the API's OpenAPI document."""
    from gateway.http.app import create_app

    app = create_app(Settings(database_url="postgresql://nobody@nowhere/none", redis_url=None))
    text = json.dumps(app.openapi(), ensure_ascii=False, indent=1)
    if target is None:
        typer.echo(text)
    else:
        target.write_text(text + "\n", encoding="utf-8")


@maps.command("import")
def map_import(file: Annotated[Path, typer.Argument(help="an .osm.pbf extract")]) -> None:
    """Import a map; the one in use stays until the new one has passed its checks."""
    from dispatch.roads.importing.importing import import_map

    import_map(file, read_settings().maps_dir, lambda line: typer.echo(line))


@users.command("add")
def user_add(
    username: str,
    name: Annotated[str, typer.Option(help="the person's name")],
    role: Annotated[list[str] | None, typer.Option(help="ROLE, or ROLE@ORGANISATION-ID")] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="GONGCHE_NEW_PASSWORD", help="a set-up link is printed if left out"),
    ] = None,
) -> None:
    """Add a person with roles; a role without an organisation is held in the first one.

    Where there is no organisation yet, the first one is made.
    """
    link = run(_user_add(read_settings(), username, name, role or [], password))
    if link is None:
        typer.echo(f"{username} may log in now.")
    else:
        tell_link(typer.echo, username, link)


@users.command("link")
def user_link(username: str) -> None:
    """Print a new set-up link for a person who can't log in."""
    tell_link(typer.echo, username, run(_user_link(read_settings(), username)))


async def _user_add(
    settings: Settings, username: str, name: str, roles: list[str], password: str | None
) -> IssuedLink | None:
    act = Act(actor=None, now=utc_now(), reason="gongche user add")
    async with _transaction(settings) as session:
        if password is not None:
            await require_fit(session, password, username)
        person = await create_person(
            session,
            act,
            username=username,
            name=name,
            password_hash=hash_password(password) if password is not None else None,
            roles=[await _role(session, act, one) for one in roles],
        )
        return await issue_link(session, act, person, settings) if password is None else None


async def _user_link(settings: Settings, username: str) -> IssuedLink:
    act = Act(actor=None, now=utc_now(), reason="gongche user link")
    async with _transaction(settings) as session:
        person = await session.scalar(select(Person).where(Person.username == username.lower()))
        if person is None:
            raise NotFound(f"There is no account {username}.")
        return await issue_link(session, act, person, settings)


@asynccontextmanager
async def _transaction(settings: Settings) -> AsyncIterator[AsyncSession]:
    engine = database.open_engine(settings.required_database_url)
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            yield session
    finally:
        await engine.dispose()


async def _role(session: AsyncSession, act: Act, text: str) -> RoleIn:
    """Return the role that `ROLE` or `ROLE@ORGANISATION-ID` names. Raises NotFound."""
    role, _, organisation_id = text.partition("@")
    if role not in set(Role):
        raise NotFound(f"There is no role {role}; known are {', '.join(Role)}.")
    if not organisation_id:
        return RoleIn(Role(role), await ensure_first_organisation(session, act))
    organisation = await session.scalar(
        select(Organisation).where(cast(Organisation.id, String) == organisation_id.lower())
    )
    if organisation is None:
        raise NotFound(f"There is no organisation {organisation_id}.")
    return RoleIn(Role(role), organisation)
