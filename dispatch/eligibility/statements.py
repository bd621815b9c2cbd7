"""Statements in words of SQL, asked of whole sets by the same few parameters."""

from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.types import BigInteger, DateTime, Text, Uuid

_TYPES: dict[str, Any] = {
    "scope": ARRAY(BigInteger),
    "nos": ARRAY(BigInteger),
    "promised": ARRAY(Text),
    "out": ARRAY(Text),
    "period": TSTZRANGE,
    "day": TSTZRANGE,
    "now": DateTime(timezone=True),
    "apart_from": Uuid,
}


def statement(sql: str) -> TextClause:
    """Return a statement whose parameters have their types by name."""
    found = [bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in sql]
    return text(sql).bindparams(*found)
