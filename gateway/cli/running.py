"""How a process of ours runs: a fast loop, and a stop that is asked for by signal."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from kit.log import set_up_logging
from kit.settings import Settings

T = TypeVar("T")


def read_settings(process: str = "gongche") -> Settings:
    """Return the settings of the environment, with logging set up by them.

    process: what log lines call it
    """
    settings = Settings()
    set_up_logging(settings.log_level, process)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def stop_asked() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, asked.set)
    return asked
