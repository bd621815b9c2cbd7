"""Logs: one JSON object a line, with the ids that a search needs.

A message is a constant: what differs from one time to the next stands in fields of its own. Ids
that hold for all that is done meanwhile, such as a request's, are said once (`log_ids`).
"""

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

ROOMS = ("kit", "fleet", "tracking", "dispatch", "audit", "gateway", "demo")
"""Whose words are logged at the level that the operator chose; libraries only warn."""

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# After its message PostgreSQL quotes the row or the key that it refused: positions, names, numbers.
_QUOTED_ROW = re.compile(
    r"\n(?:DETAIL|CONTEXT|QUERY):.*?(?=\n\[SQL:|\n\nThe above|\n\nDuring handling|\Z)", re.DOTALL
)
_NO_IDS: Mapping[str, object] = MappingProxyType({})
_ids: ContextVar[Mapping[str, object]] = ContextVar("log_ids", default=_NO_IDS)


@contextmanager
def log_ids(**ids: object) -> Iterator[None]:
    """Let every line that is logged within, by this task or its own, bear these ids."""
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


class JsonLines(logging.Formatter):
    """Writes a record, the ids around it and its `extra` fields as one JSON line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = f"{process} {os.getpid()}"

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "process": self._process,
            "from": record.name,
            "message": record.getMessage(),
        }
        entry |= _ids.get()
        entry |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        told = {k: _without_rows(v) if isinstance(v, str) else v for k, v in entry.items()}
        return json.dumps(told, ensure_ascii=False, default=str)


def set_up_logging(level: str, process: str = "gongche") -> None:
    """Send log records to standard error as JSON lines.

    level: of our own rooms. Libraries warn and say no more, because at a lower level they may tell
        what they were given, such as the body of a request
    process: what this process is, as its command is called
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for room in ROOMS:
        logging.getLogger(room).setLevel(level)


def _without_rows(text: str) -> str:
    return _QUOTED_ROW.sub("", text)
