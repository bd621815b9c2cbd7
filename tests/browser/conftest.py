"""A running system with vehicles on the map, and one Chromium, for all browser tests."""

import asyncio
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from gateway.http.static import built_site
from gateway.protocols.jt808.position import position_report
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.servers import EmbeddedValkey
from tests.browser.rides import Rides
from tests.browser.site import CHROMIUM, Site
from tests.browser.town import MIDDLE, Town, import_town
from tests.support.servers import TemplateDatabases
from tests.support.system import RunningSystem, running_system
from tests.support.terminals import TerminalOnWire
from tests.support.waiting import in_one_day
from tests.support.world import World, build_world

_LONGER_THAN_A_TEST_S = 90.0
_FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--disable-lcd-text",
    "--hide-scrollbars",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here, and leave it out with a reason where it can't run."""
    reason = None
    if CHROMIUM is None:
        reason = "no Chromium on this machine"
    elif built_site() is None:
        reason = "the pages are not built: run `make web`"
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if reason is not None:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what the pages showed when a test failed: where it ran, nobody may look at them later."""
    report = yield
    site = getattr(item, "funcargs", {}).get("site")
    if report.failed and call.when == "call" and isinstance(site, Site):
        for address, shown in site.shown():
            report.sections.append((f"shown at {address}", shown))
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, drawing in software so that no pixel depends on the machine.

    It goes with its module: Playwright holds an event loop while it lives, and the tests of other
    modules in the same process have loops of their own.
    """
    # Loaded machines draw slowly; a page that never gets there still fails.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=_FLAGS, env={"LANGUAGE": "zh_CN"}
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def browser_world(template_databases: TemplateDatabases) -> Iterator[tuple[str, World]]:
    """A database with the seeded world in it, and the world."""
    url = template_databases.create()
    # In a thread of its own: Playwright keeps this one's event loop running.
    yield url, _in_thread(url)
    template_databases.drop(url)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The invented city's map, imported once."""
    return import_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def browser_system(
    browser_world: tuple[str, World],
    valkey_server: EmbeddedValkey,
    town: Town,
    sharing_kernel: None,  # rides are shared
) -> Iterator[RunningSystem]:
    """The system."""
    url, _ = browser_world
    running = running_system(url, valkey_server.url(), settings=town.settings)
    with running as system:
        yield system


@pytest.fixture(scope="module")
def parked(browser_system: RunningSystem, browser_world: tuple[str, World]) -> Iterator[None]:
    """Every vehicle of the world is parked at its base, whatever modules before have done.

    Who isn't heard for a quarter of an hour gets no ride that begins soon.
    """
    _, world = browser_world
    with ExitStack() as links:
        for n, (key, terminal) in enumerate(world.terminals.items()):
            base = world.bases["bureau" if key.startswith("pool") else key[0]]
            link = links.enter_context(TerminalOnWire(browser_system.jt808_port, terminal.phone))
            link.log_in()
            place = (base.latitude + 0.001 * n, base.longitude + 0.002 * n)
            link.report([position_report(utc_now(), *place, speed_kmh=0.0, acc=False)])
        yield


@pytest.fixture(autouse=True)
def _within_one_day() -> None:
    """Begin no test of pages shortly before midnight (see `tests/conftest.py`)."""
    in_one_day(_LONGER_THAN_A_TEST_S)


@pytest.fixture
def site(
    browser_system: RunningSystem,
    browser_world: tuple[str, World],
    browser: Browser,
    parked: None,  # by module
) -> Iterator[Site]:
    """The site; the test fails on any error that a page wrote to its console."""
    site = Site(browser_system, browser_world[1], browser)
    yield site
    site.close_pages()
    assert site.errors == []


@pytest.fixture
def rides(site: Site) -> Iterator[Rides]:
    """Everybody at the API; what is asked for here is ended, however the test goes."""
    rides = Rides.of(site)
    yield rides
    site.close_pages()  # they would hear of it, and ask for what is gone
    rides.clear()


def _in_thread(url: str) -> World:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _seed(url)).result()


async def _seed(url: str) -> World:
    engine = open_engine(url)
    async with transaction(open_sessions(engine)) as session:
        world = await build_world(session, utc_now(), MIDDLE)
    await engine.dispose()
    return world
