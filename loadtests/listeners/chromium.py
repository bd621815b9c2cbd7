"""One viewer in a real Chromium, on a small page that reads the live feed as the console does.

python -m loadtests.listeners.chromium answers: where to look and as whom; to begin; to end. The
page notes `performance.timeOrigin + performance.now()` before it parses a message, and keeps every
position that it was told.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Page, sync_playwright

from fleet.access import COOKIE
from loadtests.listeners.helper import Lines, questions, reply
from loadtests.listeners.province import PLATE

_FLAGS = ["--no-sandbox", "--disable-gpu"]
_SHOWN_MS = 60_000

_LISTEN = """
(prefix) => {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const shown = new Set();
  const heard = { told: [], messages: 0, missing: 0, ended: 0, seq: null };
  const socket = new WebSocket(`${scheme}://${location.host}/ws/live`);
  socket.onmessage = (event) => {
    const at = (performance.timeOrigin + performance.now()) / 1000;
    const message = JSON.parse(event.data);
    if (message.seq === undefined) return;
    if (heard.seq !== null && message.seq !== heard.seq + 1) heard.missing += 1;
    heard.seq = message.seq;
    heard.messages += 1;
    for (const vehicle of message.vehicles) {
      const number = Number(vehicle.plate.slice(prefix));
      shown.add(number);
      heard.told.push(number, Date.parse(vehicle.time) / 1000, at);
    }
  };
  socket.onclose = () => { heard.ended += 1; };
  window.heard = heard;
  window.shown = shown;
}
"""
_END = """
() => {
  const { told, messages, missing, ended } = window.heard;
  window.heard.told = [];
  window.heard.messages = 0;
  return { told, messages, missing, ended };
}
"""


class NoChromiumError(RuntimeError):
    """There is no Chromium on this machine (GONGCHE_CHROMIUM, or chromium on the path)."""


class Looker:
    """The page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def answer(self, question: Lines) -> Lines:
        """Do what is asked."""
        if "token" in question:
            return self._open(**question)
        if "into" in question:
            return self._end(question["into"])
        self._page.evaluate(_END)
        return {}

    def _open(self, url: str, token: str, view: int) -> Lines:
        self._page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        # Any page of the same origin will do.
        self._page.goto(f"{url}/health")
        self._page.evaluate(_LISTEN, len(PLATE))
        self._page.wait_for_function("(n) => window.shown.size >= n", arg=view, timeout=_SHOWN_MS)
        return {"host": urlsplit(url).netloc}

    def _end(self, into: str) -> Lines:
        heard = self._page.evaluate(_END)
        told = np.array(heard.pop("told"), np.float64).reshape(-1, 3)
        np.savez(
            into,
            vehicle=told[:, 0].astype(np.int64),
            time_s=told[:, 1].astype(np.int64),
            at=told[:, 2],
        )
        return {**heard}


def main() -> None:
    """Answer until nothing is asked any more. Raises NoChromiumError."""
    program = os.environ.get("GONGCHE_CHROMIUM") or shutil.which("chromium")
    if program is None or not Path(program).exists():
        raise NoChromiumError
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=_FLAGS)
        looker = Looker(browser.new_context().new_page())
        for question in questions():
            reply(looker.answer(question))
        browser.close()


if __name__ == "__main__":
    main()
