"""Commands that prepare data: migrations, maps, people, the API's description."""

import json
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.passwords import hash_password
from fleet.people.accounts import RoleIn, create_person, ensure_first_organisation
from fleet.tables import Organisation
from fleet.words import Role
from gateway.cli.running import read_settings, run
from kit import database
from kit.clock import utc_now
from kit.errors import NotFound
from kit.settings import Settings

maps = typer.Typer(help="Maps: roads, basemap and places from one OpenStreetMap file.")
users = typer.Typer(help="People with accounts.")


def migrate() -> None:
    """Bring the database to the newest schema."""
    database.migrate(read_settings().required_database_url)


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
    from dispatch.roads.importing import import_map

    import_map(file, read_settings().maps_dir, lambda line: typer.echo(line))


@users.command("add")
def user_add(
    username: str,
    name: Annotated[str, typer.Option(help="the person's name")],
    role: Annotated[list[str] | None, typer.Option(help="ROLE, or ROLE@ORGANISATION-ID")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="GONGCHE_NEW_PASSWORD", help="asked for if left out")
    ] = None,
) -> None:
    """Add a person with roles; a role without an organisation is held in the first one.

    Where there is no organisation yet, the first one is made.
    """
    secret = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    run(_user_add(read_settings(), username, name, role or [], secret))
    typer.echo(f"{username} may log in now.")


async def _user_add(
    settings: Settings, username: str, name: str, roles: list[str], password: str
) -> None:
    engine = database.open_engine(settings.required_database_url)
    act = Act(actor=None, now=utc_now(), reason="gongche user add")
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            await create_person(
                session,
                act,
                username=username,
                name=name,
                password_hash=hash_password(password),
                roles=[await _role(session, act, one) for one in roles],
            )
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
