"""Many WebSocket clients of the live feed, in one process that must not be what is slow.

python -m loadtests.listeners.many answers: whom to connect; to begin to listen; to end. Of every
message the length and the number are looked at, and of a sample the instant is noted and the
bytes are kept, which are read when the listening has ended.
"""

import asyncio
import sys
import time
from dataclasses import dataclass, field

import numpy as np
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from loadtests.listeners.helper import Lines, questions, reply
from loadtests.listeners.latencies import told_in

_VEHICLE = b'"plate":'
_SEQ = b'"seq":'


@dataclass(slots=True)
class Client:
    """One viewer: what it has heard.

    missing: how often the numbers of its messages had a gap
    """

    socket: ClientConnection
    view: int
    shown: int = 0
    seq: int = 0
    missing: int = 0
    snapshots: int = 0


@dataclass(slots=True)
class Heard:
    """What all clients have heard since it began."""

    messages: int = 0
    octets: int = 0
    sample: list[tuple[float, bytes]] = field(default_factory=list)


class Listeners:
    """The clients of one process."""

    def __init__(self) -> None:
        self._clients: list[Client] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = Heard()
        self._every = 1

    async def answer(self, question: Lines) -> Lines:
        """Do what is asked."""
        if "viewers" in question:
            return await self._connect(question["url"], question["viewers"])
        if "every" in question:
            self._heard, self._every = Heard(), question["every"]
            return {}
        return self._end(question["into"])

    async def _connect(self, url: str, viewers: list[Lines]) -> Lines:
        begun = time.monotonic()
        for viewer in viewers:
            socket = await connect(
                f"{url}/ws/live", compression=None, max_size=None, ping_interval=None
            )
            await socket.send(f'{{"token":"{viewer["token"]}"}}')
            client = Client(socket, viewer["view"])
            self._clients.append(client)
            self._tasks.append(asyncio.create_task(self._listen(client)))
        while any(client.shown < client.view for client in self._clients):
            self._fail_if_ended()
            await asyncio.sleep(0.05)
        return {"shown_s": time.monotonic() - begun}

    async def _listen(self, client: Client) -> None:
        while True:
            message = await client.socket.recv(decode=False)
            at = time.time()
            head = message[:64]
            if _SEQ not in head:
                continue
            heard = self._heard
            heard.messages += 1
            heard.octets += len(message)
            seq = int(head.partition(_SEQ)[2].partition(b",")[0])
            client.missing += seq != client.seq + 1
            client.seq = seq
            if b"snapshot" in head:
                client.snapshots += 1
            if client.shown < client.view:
                client.shown += message.count(_VEHICLE)
            elif heard.messages % self._every == 0:
                heard.sample.append((at, message))

    def _end(self, into: str) -> Lines:
        self._fail_if_ended()
        heard, self._heard = self._heard, Heard()
        told = [told_in(message, at) for at, message in heard.sample]
        vehicle, time_s, at = np.concatenate([np.empty((3, 0)), *told], axis=1)
        np.savez(into, vehicle=vehicle.astype(np.int64), time_s=time_s.astype(np.int64), at=at)
        return {
            "messages": heard.messages,
            "octets": heard.octets,
            "sampled": len(heard.sample),
            "missing": sum(client.missing for client in self._clients),
            "snapshots": sum(client.snapshots for client in self._clients),
        }

    def _fail_if_ended(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()


async def main() -> None:
    """Answer until nothing is asked any more."""
    listeners = Listeners()
    asked = questions()
    while (question := await asyncio.to_thread(next, asked, None)) is not None:
        reply(await listeners.answer(question))
    sys.exit()


if __name__ == "__main__":
    uvloop.run(main())
