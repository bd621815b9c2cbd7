"""What no honest client says to the live feed is refused politely, and ends nothing else."""

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.gateway.live.test_feed import token_of
from tests.gateway.live.watching import watching

DEEP = "[" * 1_999


@pytest.mark.parametrize(
    "said",
    [
        '{"token":"\\ud800"}',
        '{"token":1}',
        "[]",
        "1" * 1_900,
        DEEP,
        '{"a":' * 390,
        "not JSON",
        "{}",
        b"\x00\xff",
    ],
)
async def test_a_first_message_without_a_token_is_a_log_in_that_failed(
    server: str, said: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching(server, None) as one:
        await one.socket.send(said)
        assert await one.closed() == 4401
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        DEEP,
        '{"type":"view","bounds":' + "[" * 1_900,
        '{"type":"view","bounds":"1234"}',
        '{"type":"view","bounds":["1","2","3","4"]}',
        '{"type":"view","bounds":[true,2,3,4]}',
        '{"type":"view","bounds":[1,2,3]}',
        '{"type":"view","bounds":{"1":1,"2":2,"3":3,"4":4}}',
        '{"type":"view","bounds":[1,2,3,' + "9" * 400 + "]}",
        '{"type":"view","bounds":[NaN,2,3,4]}',
        '{"type":"view"}',
        "[]",
        "null",
        b"\x00\xff",
    ],
)
async def test_a_view_that_is_none_is_told_so_and_the_feed_goes_on(
    server: str, http: httpx.AsyncClient, said: str | bytes
) -> None:
    async with watching(server, await token_of(http, "dispatcher")) as one:
        assert (await one.hear())["type"] == "snapshot"
        await one.socket.send(said)
        assert (await one.hear())["type"] == "error"
        await one.view(110.0, 40.0, 110.1, 40.1)
        assert (await one.hear())["type"] != "error"


async def test_an_origin_that_is_no_address_is_a_foreign_page(server: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{server}/ws/live", additional_headers={"Origin": "http://["}):
            raise AssertionError("it was let in")
    assert refused.value.response.status_code == 403
