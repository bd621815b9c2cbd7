"""All that the API tells somebody: every list and every object whose id is at hand."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from kit.clock import shanghai_day, utc_now
from tests.dispatch.office import API, Office

_NOWHERE = "00000000-0000-0000-0000-000000000000"
# Log-in by others, and the map: they tell everybody the same.
_OTHER_DOORS = ("/maps/", "/oidc", "/roads/", "/place-search")


async def everything(office: Office, username: str, ids: Mapping[str, str]) -> dict[str, str]:
    """Return the answer of every `GET` that succeeds, by its path.

    ids: by the parameter's name, or by the list's where the parameter is plain `id`
    """
    client, now = await office.client(username), utc_now()
    declared = (await client.get("/api/openapi.json")).json()["paths"]
    window = {
        "start": (now - timedelta(hours=3)).isoformat(),
        "end": (now + timedelta(hours=40)).isoformat(),
        "month": f"{shanghai_day(now):%Y-%m}",
        "zone": "utc",
    }
    found = {}
    for path in _read(declared):
        filled = re.sub(r"([a-z-]+)/{(\w+)}", lambda part: _filled(part, ids), path)
        answer = await client.get(filled)
        if answer.status_code == 422:
            answer = await client.get(filled, params=window)
        assert answer.status_code < 500, (filled, answer.text)
        if answer.status_code == 200:
            found[filled] = answer.text
    return found


def told(answers: Mapping[str, str], secrets: list[str]) -> list[tuple[str, str]]:
    """Return where the answers tell which of the secrets."""
    return [(path, one) for path, text in answers.items() for one in secrets if one in text]


def _read(declared: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    for path, methods in declared.items():
        is_read = path.startswith(API) and "get" in methods
        if is_read and not any(door in path for door in _OTHER_DOORS):
            yield path


def _filled(part: re.Match[str], ids: Mapping[str, str]) -> str:
    room, name = part.groups()
    return f"{room}/{ids.get(room if name == 'id' else name, _NOWHERE)}"
