"""`gongche user add`, against a real database that was only migrated."""

import asyncio
import re

import psycopg
import pytest
from typer.testing import CliRunner, Result

from fleet.identity.first_start import FIRST_ADMINISTRATOR, ensure_first_administrator
from fleet.people.accounts import FIRST_ORGANISATION
from gateway.cli.commands import app
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, plain_url, transaction
from kit.errors import NotFound
from kit.settings import Settings

_HELD = """
    SELECT p.username, r.role, o.name FROM person p
    JOIN person_role r ON r.person_no = p.no JOIN organisation o ON o.no = r.organisation_no
    ORDER BY p.no, r.role
"""


def add(database_url: str, username: str, *roles: str) -> Result:
    options = [part for role in roles for part in ("--role", role)]
    return CliRunner().invoke(
        app,
        ["user", "add", username, "--name", "王某", *options],
        env={"GONGCHE_DATABASE_URL": database_url, "GONGCHE_NEW_PASSWORD": "a-long-password"},
    )


def rows(database_url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain_url(database_url)) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_first_person_of_an_empty_system_brings_its_first_organisation(
    database_url: str,
) -> None:
    added = add(database_url, "wang", "security_administrator", "dispatcher")
    assert added.exit_code == 0, added.output
    assert rows(database_url, _HELD) == [
        ("wang", "dispatcher", FIRST_ORGANISATION),
        ("wang", "security_administrator", FIRST_ORGANISATION),
    ]
    actions = rows(database_url, "SELECT action FROM journal ORDER BY action")
    assert actions == [("organisation.add",), ("person.add",)]


def test_later_people_join_the_organisation_that_is_there(database_url: str) -> None:
    async def first_start() -> None:
        engine = open_engine(database_url)
        async with transaction(open_sessions(engine)) as session:
            await ensure_first_administrator(session, utc_now(), Settings())
        await engine.dispose()

    asyncio.run(first_start())
    assert add(database_url, "wang", "dispatcher").exit_code == 0
    assert [row[0] for row in rows(database_url, _HELD)] == [FIRST_ADMINISTRATOR, "wang"]
    assert rows(database_url, "SELECT name FROM organisation") == [(FIRST_ORGANISATION,)]


@pytest.mark.parametrize(
    "second", ["driver_of_nobody", "driver@01900000-0000-7000-8000-00000000000f"]
)
def test_a_refused_role_leaves_neither_person_nor_organisation(
    database_url: str, second: str
) -> None:
    refused = add(database_url, "wang", "dispatcher", second)
    assert isinstance(refused.exception, NotFound)
    assert rows(database_url, "SELECT name FROM organisation") == []
    assert rows(database_url, "SELECT username FROM person") == []


def test_without_a_password_a_link_is_printed_and_another_when_asked(database_url: str) -> None:
    told = {"GONGCHE_DATABASE_URL": database_url, "GONGCHE_PUBLIC_URL": "https://fleet.test"}
    added = CliRunner().invoke(app, ["user", "add", "wang", "--name", "王某"], env=told)
    again = CliRunner().invoke(app, ["user", "link", "Wang"], env=told)
    first, second = (
        re.findall(r"https://fleet.test/set-up#token=(\S+)", one.output) for one in (added, again)
    )
    assert len(first) == len(second) == 1
    assert first != second
    good = rows(database_url, "SELECT count(*) FROM set_up_link WHERE expires_at > now()")
    assert good == [(1,)]
