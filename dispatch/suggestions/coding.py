"""Values to JSON and back: exactly, and the same bytes for the same values.

Instants are whole microseconds since 1970, other floats their shortest text that reads back as
they were. Which type is read is what the code declares now: a field that was not written has its
default.
"""

import types
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from dispatch.eligibility.columns import instant, microseconds

_PLAIN = frozenset({type(None), bool, int, float, str})


def encode(value: object) -> Any:
    """Return a value as JSON has it; dataclasses become objects by field."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        # Of thousands of drivers most columns hold nothing that has to be looked at.
        return list(value) if _PLAIN.issuperset(map(type, value)) else list(map(encode, value))
    return value


def decode(kind: Any, told: Any) -> Any:
    """Return the value of this type that `encode` has written.

    Raises TypeError, ValueError and KeyError for what it hasn't.
    """
    if told is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (only,) = (one for one in get_args(kind) if one is not types.NoneType)
        return decode(only, told)
    if origin is tuple:
        return tuple(decode(one, part) for one, part in zip(get_args(kind), told, strict=True))
    if origin is not None and issubclass(origin, Sequence):
        (only,) = get_args(kind)
        return tuple(decode(only, one) for one in told)
    if kind is datetime:
        return instant(told)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = hints_of(kind)
        return kind(**{name: decode(hints[name], part) for name, part in told.items()})
    return kind(told)


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields."""
    return get_type_hints(kind)
