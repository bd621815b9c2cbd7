"""Many connections behind one epoll, over real TCP on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.terminals.listener import listen
from gateway.terminals.sockets import Connection, Receiver, Sockets

PATIENCE_S = 20.0


class Echo:
    """Sends back what it hears; `trip` makes it fail."""

    def __init__(self, connection: Connection, trip: bytes = b"") -> None:
        self.connection, self.trip = connection, trip
        self.heard = b""
        self.has_ended = False

    def received(self, data: bytes) -> None:
        if self.trip and self.trip in data:
            raise RuntimeError("tripped")
        self.heard += data
        self.connection.write(data)

    def ended(self) -> None:
        self.has_ended = True


class Door:
    """Connections served by receivers of one kind."""

    def __init__(self, make: Callable[[Connection], Echo]) -> None:
        self.sockets = Sockets()
        self.served: list[Echo] = []
        self._make = make

    def take(self, accepted: socket.socket, _address: str) -> None:
        self.sockets.add(accepted, self._serve)

    def _serve(self, connection: Connection) -> Receiver:
        self.served.append(self._make(connection))
        return self.served[-1]


@asynccontextmanager
async def opened(make: Callable[[Connection], Echo] = Echo) -> AsyncIterator[tuple[Door, int]]:
    door = Door(make)
    door.sockets.open()
    listener = await listen("127.0.0.1", 0, door.take)
    try:
        yield door, listener.port
    finally:
        listener.close()
        door.sockets.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


async def test_what_a_slow_peer_does_not_read_waits_and_stops_the_reading_of_it_alone() -> None:
    """The peer sends without reading: the answers must wait, and so must what it sends."""
    async with opened() as (door, port):
        loop = asyncio.get_running_loop()
        slow, quick = socket.create_connection(("127.0.0.1", port)), socket.socket()
        slow.setblocking(False)
        quick.setblocking(False)
        await loop.sock_connect(quick, ("127.0.0.1", port))
        sent = 0
        # Until neither side's buffers take any more: the door has stopped reading.
        while True:
            try:
                async with asyncio.timeout(1):
                    await loop.sock_sendall(slow, bytes([sent % 251]) * 65_536)
            except TimeoutError:
                break
            sent += 1
        assert len(door.served[0].heard) > 0

        async def is_stopped() -> bool:
            """Whether nothing of the slow one is read while the quick one is answered."""
            held = len(door.served[0].heard)
            await loop.sock_sendall(quick, b"hello")
            assert await loop.sock_recv(quick, 100) == b"hello"
            return len(door.served[0].heard) == held

        # The last of what the kernel has taken may still be on its way to the door.
        async with asyncio.timeout(PATIENCE_S):
            while not (await is_stopped() and await is_stopped()):
                pass
        got = bytearray()
        async with asyncio.timeout(PATIENCE_S):
            while len(got) < sent * 65_536:
                got += await loop.sock_recv(slow, 1 << 20)
        assert bytes(got[: sent * 65_536]) == b"".join(
            bytes([n % 251]) * 65_536 for n in range(sent)
        )
        slow.close()
        quick.close()


async def test_a_receiver_that_fails_loses_its_connection_and_the_others_go_on() -> None:
    async with opened(lambda one: Echo(one, trip=b"!")) as (door, port):
        bad_reader, bad_writer = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        bad_writer.write(b"!")
        assert await bad_reader.read() == b""
        await until(lambda: any(one.has_ended for one in door.served))
        writer.write(b"still here")
        assert await reader.readexactly(10) == b"still here"
        writer.close()
        bad_writer.close()


async def test_a_peer_that_hangs_up_is_noticed_after_its_last_bytes() -> None:
    async with opened() as (door, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"last words")
        writer.close()
        await until(lambda: bool(door.served) and door.served[0].has_ended)
        assert door.served[0].heard == b"last words"


async def test_nothing_is_read_while_it_is_held_back() -> None:
    async with opened() as (door, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        door.served[0].connection.hold_back()
        writer.write(b"b")
        # Another connection's whole journey shows that rounds went by meanwhile.
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
        other_writer.write(b"c")
        assert await other_reader.readexactly(1) == b"c"
        assert door.served[0].heard == b"a"
        door.served[0].connection.read_on()
        assert await reader.readexactly(1) == b"b"
        writer.close()
        other_writer.close()


async def test_an_ended_connection_sends_what_waits_and_then_closes() -> None:
    async with opened() as (door, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"x")
        await reader.readexactly(1)
        much = bytes(8_000_000)
        door.served[0].connection.write(much)
        door.served[0].connection.end()
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.read() == much
        writer.close()


async def test_a_door_listens_on_every_address_of_a_host_with_one_port() -> None:
    served: list[str] = []

    def take(accepted: socket.socket, address: str) -> None:
        served.append(address)
        accepted.close()

    listener = await listen("localhost", 0, take)
    port = listener.port
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: served == ["127.0.0.1"])
        writer.close()
    finally:
        listener.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
