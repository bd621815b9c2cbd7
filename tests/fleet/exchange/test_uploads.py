"""A file is read only of those who may send it, and what costs much is counted."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.fleet.exchange.sheets import API
from tests.gateway.http.routes_of import routes_of
from tests.support.world import World, log_in

_PIECE = b"x" * 65_536
_PIECES = 20 * 1024 * 1024 // len(_PIECE)
_HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


class Upload:
    """A form of 20 MB, which counts how much of it was asked for."""

    def __init__(self) -> None:
        self.pieces = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield _HEAD
        for _ in range(_PIECES):
            self.pieces += 1
            yield _PIECE
        yield b"\r\n--b--\r\n"


async def sent(client: httpx.AsyncClient, path: str) -> tuple[int, int]:
    """Return the status of the answer, and how many pieces were read for it."""
    upload = Upload()
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = await client.post(f"{API}/{path}", content=upload, headers=headers)
    return answer.status_code, upload.pieces


@pytest.mark.parametrize("path", ["vehicles/import", "vehicles/dry-run", "quotas/import"])
async def test_a_file_of_somebody_who_may_not_import_is_not_read(
    client: httpx.AsyncClient, world: World, path: str
) -> None:
    assert await sent(client, path) == (401, 0)
    await log_in(client, "driver_a1")
    assert await sent(client, path) == (403, 0)


async def test_a_file_of_somebody_who_may_import_is_read(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    assert await sent(client, "vehicles/dry-run") == (422, _PIECES)


def test_every_file_in_or_out_is_counted_among_what_costs_much(app: FastAPI) -> None:
    found = [one for one in routes_of(app) if one.path.startswith("/exchange/")]
    assert len(found) > 30
    assert [one.path for one in found if not all(check.costly for check in one.checks)] == []
