"""The running system as the browser tests see it, and pages that forgive no error."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.support.system import Caller, RunningSystem
from tests.support.world import PASSWORD, World

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
CHROMIUM = os.environ.get("GONGCHE_CHROMIUM") or shutil.which("chromium")
SIZE = {"console": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}

# A browser notes every refused request as an error; this one is an answer that a page asks for.
_EXPECTED = {"/api/v1/session": "401"}


@dataclass
class Site:
    """Where the system is, who lives in it, and the browser that looks at it."""

    system: RunningSystem
    world: World
    browser: Browser
    errors: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        """The address of the pages."""
        return self.system.base_url

    def caller(self, username: str) -> Caller:
        """Return somebody who speaks to the API directly."""
        return Caller(self.base_url, username, PASSWORD)

    def page(self, username: str | None = None, *, size: str = "console") -> Page:
        """Return a fresh page, logged in as `username` if given; its errors are collected."""
        context = self.browser.new_context(
            base_url=self.base_url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=SIZE[size],  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if username is not None:
            self.log_in(page, username)
        return page

    def log_in(self, page: Page, username: str) -> None:
        """Give the page's browser context the session cookie of `username`."""
        answer = page.context.request.post(
            "/api/v1/session", data={"username": username, "password": PASSWORD}
        )
        assert answer.ok, answer.text()

    @contextmanager
    def forgiving(self) -> Iterator[None]:
        """Forget the errors of a passage that cuts the network on purpose."""
        before = list(self.errors)
        yield
        self.errors[:] = before

    def shown(self) -> Iterator[tuple[str, str]]:
        """Yield each open page's address and what it shows, as a screen reader would read it."""
        for page in (page for context in self._contexts for page in context.pages):
            try:
                yield page.url, page.locator("body").aria_snapshot(timeout=5_000)
            except Error as error:
                yield page.url, str(error)

    def close_pages(self) -> None:
        """Close all that was opened."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        expected = _EXPECTED.get(urlsplit(message.location["url"]).path)
        if expected is None or expected not in message.text:
            self.errors.append(f"{message.text} ({message.location['url']})")


def keep_picture(page: Page, name: str) -> Path:
    """Write a screenshot to test-artifacts/ and return its path."""
    ARTIFACTS.mkdir(exist_ok=True)
    path = ARTIFACTS / f"{name}.png"
    page.screenshot(path=path)
    return path
