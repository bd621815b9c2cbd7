"""By which code a suggestion was made: the digest of the source of rules and ranking."""

import ast
import hashlib
import importlib
import inspect
from functools import cache

from dispatch.matching.problem import CostTerms
from dispatch.matching.weights import Weights
from dispatch.roads.plane import distance_m
from dispatch.slips.content import kilometres

_RANKING, _RULES = "dispatch.matching.ranking", "dispatch.eligibility"
_TAKEN = (CostTerms, Weights, distance_m, kilometres)
"""What ranking takes from modules that do other things too."""


@cache
def source_digest() -> str:
    """Return the SHA-256 of all that judges and ranks, in hexadecimal.

    It tells what `rules.VERSION` can't: that somebody has changed a rule and not raised it.
    """
    digest = hashlib.sha256()
    for name, source in sorted(sources().items()):
        digest.update(f"{name}\0{source}\0".encode())
    return digest.hexdigest()


def sources() -> dict[str, str]:
    """Return by name the source of ranking, of the rules that it imports, and of what it takes.

    What reads facts from the database isn't in it: a replay has them in the record.
    """
    found: dict[str, str] = {}
    waiting = [_RANKING]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = inspect.getsource(importlib.import_module(name))
            waiting += [one for one in _imports(found[name]) if one.startswith(_RULES)]
    return found | {f"{one.__module__}.{one.__name__}": inspect.getsource(one) for one in _TAKEN}


def _imports(source: str) -> list[str]:
    nodes = ast.walk(ast.parse(source))
    return [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
