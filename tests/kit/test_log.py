"""Log lines are JSON with the ids that a search needs."""

import asyncio
import json
import logging
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kit.database import open_engine
from kit.log import ROOMS, log_ids, set_up_logging

log = logging.getLogger("tracking.somewhere")


@pytest.fixture
def _logging() -> Iterator[None]:
    """Put back whatever logging was set up before."""
    root = logging.getLogger()
    before = root.level, list(root.handlers), {r: logging.getLogger(r).level for r in ROOMS}
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for room, level in before[2].items():
        logging.getLogger(room).setLevel(level)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.usefixtures("_logging")
async def test_a_line_says_when_where_and_of_what_it_tells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging("INFO", "gateway")

    async def another(vehicle_no: int) -> None:
        with log_ids(vehicle_no=vehicle_no):
            await asyncio.sleep(0)
            log.info("followed", extra={"batch": "3/17"})

    with log_ids(request="r1"):
        await asyncio.gather(another(1), another(2))
    log.info("outside")
    first, second, outside = _lines(capsys)
    assert (first["message"], first["from"], first["level"]) == (
        "followed",
        "tracking.somewhere",
        "INFO",
    )
    assert first["process"] == f"gateway {os.getpid()}"
    assert str(first["at"]).endswith("+00:00")
    assert [(one["request"], one["vehicle_no"], one["batch"]) for one in (first, second)] == [
        ("r1", 1, "3/17"),
        ("r1", 2, "3/17"),
    ]
    assert outside.keys() == {"at", "level", "process", "from", "message"}


@pytest.mark.usefixtures("_logging")
def test_what_libraries_say_below_a_warning_is_never_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging("DEBUG")
    logging.getLogger("some.library").info("the body is ...")
    logging.getLogger("some.library").warning("this goes wrong")
    log.debug("ours")
    assert [one["message"] for one in _lines(capsys)] == ["this goes wrong", "ours"]


@pytest.mark.usefixtures("_logging")
def test_a_failure_is_one_line_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it failed", extra={"vehicle_no": 7})
    (line,) = _lines(capsys)
    assert line["vehicle_no"] == 7
    assert "ValueError: two\nlines" in str(line["trace"])


@pytest.mark.usefixtures("_logging")
async def test_a_row_that_the_database_refuses_is_not_quoted(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging("INFO")
    engine = open_engine(database_url)
    made = "CREATE TEMP TABLE kept (name text, CONSTRAINT no_names CHECK (name IS NULL))"
    async with engine.connect() as connection:
        await connection.execute(text(made))
        with pytest.raises(SQLAlchemyError) as refused:
            await connection.execute(
                text("INSERT INTO kept VALUES (:name)"), {"name": "Zhang San\n31.23456"}
            )
    await engine.dispose()
    said_by_server = str(refused.value.__cause__)
    assert "Zhang San" in said_by_server
    log.error("refused", exc_info=refused.value, extra={"error": str(refused.value)})
    log.warning("refused", extra={"error": said_by_server})
    written = capsys.readouterr().err
    assert written.count("no_names") >= 3
    assert "Zhang San" not in written
    assert "31.23456" not in written
