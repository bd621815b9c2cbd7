"""`gongche doctor`: what an operator would look at first, each with one sentence."""

import platform
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import typer
from pydantic import ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from gateway.cli.running import read_settings
from gateway.http.health import Health
from kit.database import driver_url
from kit.disk import WANTED_FREE_BYTES, disk_of
from kit.servers.checks import (
    ensure_bus_reachable,
    ensure_database_reachable,
    ensure_port_free,
)
from kit.servers.errors import PortForbidden, PortTaken, ServerError
from kit.settings import Settings

OPEN_FILES_WANTED = 20_000
CLOCK_DIFFERENCE_S = 5.0
HEALTH_PATIENCE_S = 5.0

Finding = tuple[bool, str]


def doctor() -> None:
    """Check settings, ports, limits, versions, clock and disk; exit with 1 if anything is wrong."""
    settings = read_settings()
    findings = [finding for check in CHECKS for finding in check(settings)]
    for fine, sentence in findings:
        typer.echo(f"{'ok  ' if fine else 'FAIL'} {sentence}")
    if not all(fine for fine, _ in findings):
        sys.exit(1)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield True, f"Data folder: {settings.data_dir.resolve()}"
    embedded = settings.database_url is None
    yield True, f"Database: {'its own (started by `gongche up`)' if embedded else 'by URL'}"
    if settings.demo:
        yield False, "GONGCHE_DEMO is on: demo accounts are open to everybody who can reach it."


def _versions(_: Settings) -> Iterator[Finding]:
    yield sys.version_info >= (3, 11), f"Python {platform.python_version()} (3.11 or newer)"


def _ports(settings: Settings) -> Iterator[Finding]:
    ours = _gongche_answers(settings)
    ports = [("HTTP", settings.http_port), ("JT/T 808", settings.jt808_port)]
    if settings.gateway_metrics_port:
        ports.append(("metrics of the terminals' door", settings.gateway_metrics_port))
    if settings.worker_metrics_port:
        ports.append(("metrics of the worker", settings.worker_metrics_port))
    for name, port in ports:
        try:
            ensure_port_free(settings.host, port)
            yield True, f"Port {port} ({name}) is free."
        except PortTaken as error:
            if ours:
                yield True, f"Port {port} ({name}) is taken, and Gongche is running."
            else:
                yield False, f"{error} It is to be for {name}."
        except PortForbidden as error:
            yield False, str(error)


def _gongche_answers(settings: Settings) -> bool:
    """Whether a Gongche answers at the HTTP port, be it healthy or not."""
    try:
        answer = httpx.get(
            f"http://{settings.local_host}:{settings.http_port}/health", timeout=HEALTH_PATIENCE_S
        )
        Health.model_validate_json(answer.content)
    except (httpx.HTTPError, httpx.InvalidURL, ValidationError):
        return False
    return True


def _servers(settings: Settings) -> Iterator[Finding]:
    asked: list[tuple[str, str | None, Callable[[str], None]]] = [
        ("The database", settings.database_url, ensure_database_reachable),
        ("The bus", settings.redis_url, ensure_bus_reachable),
    ]
    for name, url, ensure in asked:
        if url is None:
            continue
        try:
            ensure(url)
            yield True, f"{name} answers."
        except ServerError as error:
            yield False, str(error)


def _limits(_: Settings) -> Iterator[Finding]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield (
        hard >= OPEN_FILES_WANTED or hard == resource.RLIM_INFINITY,
        f"Open files: {soft} now, {hard} at most (each terminal needs one).",
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    free = disk_of(settings.data_dir).free
    yield free >= WANTED_FREE_BYTES, f"Free disk at the data folder: {free / 2**30:.1f} GiB."


def _clock(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        return
    try:
        engine = create_engine(
            driver_url(settings.database_url), connect_args={"connect_timeout": 5}
        )
        with engine.connect() as connection:
            theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        off_s = abs((datetime.now(UTC) - theirs).total_seconds())
        yield off_s < CLOCK_DIFFERENCE_S, f"The database's clock differs by {off_s:.1f} s."
    except SQLAlchemyError:
        yield False, "The database's clock could not be read."


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings,
    _versions,
    _ports,
    _servers,
    _limits,
    _disk,
    _clock,
)
