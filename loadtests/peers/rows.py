"""A row-at-a-time server, as trackers commonly are: streams, one INSERT a frame, then the answer.

python -m loadtests.peers.rows DATABASE_URL prints its port and serves until its input ends. Its
table has the B-tree (terminal, time) that such servers keep during the load.
"""

import asyncio
import struct
import sys

import psycopg

_TABLE = """
    CREATE TABLE IF NOT EXISTS rows_position (
        no bigserial PRIMARY KEY, phone text NOT NULL, time text NOT NULL,
        latitude double precision NOT NULL, longitude double precision NOT NULL,
        speed_kmh real NOT NULL, course_deg smallint NOT NULL, alarm bigint NOT NULL,
        status bigint NOT NULL, raw bytea NOT NULL
    );
    CREATE INDEX IF NOT EXISTS ix_rows_position ON rows_position (phone, time)
"""
_INSERT = """
    INSERT INTO rows_position
        (phone, time, latitude, longitude, speed_kmh, course_deg, alarm, status, raw)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_BODY = struct.Struct(">IIIIHHH6s")
_POSITION = 0x0200
_CONNECTIONS = 8


class RowServer:
    """Streams in, rows out."""

    def __init__(self, connections: "asyncio.Queue[psycopg.AsyncConnection]") -> None:
        self._connections = connections

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one link until it ends."""
        serial = 0
        try:
            while True:
                chunk = (await reader.readuntil(b"\x7e"))[:-1]
                if chunk:
                    payload = chunk.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
                    await self._keep(payload)
                    writer.write(_answer(payload, serial))
                    serial = (serial + 1) & 0xFFFF
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _keep(self, payload: bytes) -> None:
        if int.from_bytes(payload[:2]) != _POSITION:
            return
        alarm, status, latitude, longitude, _, speed, course, time = _BODY.unpack_from(payload, 12)
        row = (
            payload[4:10].hex(), time.hex(), latitude / 1e6, longitude / 1e6, speed / 10,
            course, alarm, status, payload,
        )  # fmt: skip
        connection = await self._connections.get()
        try:
            await connection.execute(_INSERT, row)
        finally:
            self._connections.put_nowait(connection)


def _answer(payload: bytes, serial: int) -> bytes:
    reply = b"\x80\x01\x00\x05" + payload[4:10] + serial.to_bytes(2)
    reply += payload[10:12] + payload[:2] + b"\x00"
    parity = 0
    for byte in reply:
        parity ^= byte
    escaped = (reply + bytes([parity])).replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")
    return b"\x7e" + escaped + b"\x7e"


async def _main(url: str) -> None:
    connections: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
    for n in range(_CONNECTIONS):
        connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
        if n == 0:
            await connection.execute(_TABLE)
        connections.put_nowait(connection)
    server = await asyncio.start_server(RowServer(connections).serve, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    server.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
