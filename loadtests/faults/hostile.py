"""Peers that drip, vanish, come twice or flood: they may harm nobody but themselves."""

import contextlib
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from gateway.protocols.jt808.position import position_report
from gateway.protocols.jt808.session_messages import PlatformAnswer, Registration, Result
from gateway.protocols.jt808.terminal_side import Jt808Terminal
from loadtests.faults.fault import Fault
from loadtests.faults.load import Key, key_of
from loadtests.faults.scene import Scene
from loadtests.system import free_port

_LORIS_LINKS = 50
_LORIS_S = 6.0
_DRIP_S = 0.05
_HELD_LINKS = 1_000
_GARBAGE_LINKS = 10
_FLOOD_S = 5.0
_FLOOD_POSITIONS = 10_000
_UNREAD_S = 3.0
_ANSWERED_WITHIN_S = 60.0
_READ_BYTES = 65_536
# Addresses of their own, so that what is limited by address limits them alone.
_LORIS, _CONNECTING, _SPEWING, _TALKING = (f"127.0.0.{n}" for n in range(61, 65))


def _slow_loris(scene: Scene) -> None:
    """Drip the bytes of a registration that never ends."""
    terminal = Jt808Terminal("19900000000")
    terminal.register(Registration(0, 0, "LORIS", "L-1", "0000000", 1, "示A00000"))
    frame = terminal.data_to_send()[:-1]
    with _links(scene, _LORIS, _LORIS_LINKS) as links:
        ends_at, n = time.monotonic() + _LORIS_S, 0
        while time.monotonic() < ends_at:
            for link in links:
                with contextlib.suppress(OSError):
                    link.send(frame[n % len(frame) :][:1])
            n += 1
            time.sleep(_DRIP_S)
        scene.await_served()


def _half_open(scene: Scene) -> None:
    """Let a third of the terminals leave their links open and silent, and come over new ones."""
    storing = scene.load.storing
    scene.load.vanish(scene.chance.sample(storing, len(storing) // 3))
    scene.await_served()


def _same_identity(scene: Scene) -> None:
    """Let some terminals report the same twice at once, over another process on another port."""
    port = free_port()
    scene.broken.system.start("gateway other", {"GONGCHE_JT808_PORT": str(port)})
    try:
        with scene.load.twins(scene.load.storing[:5], port):
            scene.let_pass(20.0, 30.0)
    finally:
        scene.broken.system.stop("gateway other")


def _flood_of_connections(scene: Scene) -> None:
    """Open links and say nothing; open others and close them at once."""
    with _links(scene, _CONNECTING, _HELD_LINKS):
        ends_at = time.monotonic() + _FLOOD_S
        while time.monotonic() < ends_at:
            with contextlib.suppress(OSError):
                _connect(scene, _CONNECTING).close()
        scene.await_served()


def _flood_of_garbage(scene: Scene) -> None:
    """Send bytes of chance, as fast as they go; connect again when the link is closed."""
    with _links(scene, _SPEWING, _GARBAGE_LINKS) as links:
        ends_at = time.monotonic() + _FLOOD_S
        while time.monotonic() < ends_at:
            for n, link in enumerate(links):
                try:
                    link.send(scene.chance.randbytes(4_096))
                except BlockingIOError:
                    time.sleep(0.01)
                except OSError:
                    link.close()
                    links[n] = _connect(scene, _SPEWING)
        scene.await_served()


def _flood_of_frames(scene: Scene) -> None:
    """Send one terminal's positions and read no answer for a while; then read them all."""
    (phone,) = scene.load.spare
    start, place = scene.load.drive.start, scene.load.drive.place
    reports = [
        position_report(start + timedelta(seconds=n), *place, speed_kmh=1.0)
        for n in range(_FLOOD_POSITIONS)
    ]
    scene.load.offered[phone] += reports
    terminal = Jt808Terminal(phone)
    with contextlib.closing(_connect(scene, _TALKING)) as link:
        link.setblocking(True)
        link.settimeout(_ANSWERED_WITHIN_S)
        _log_in(terminal, link)
        keys = {terminal.report(report): key_of(phone, report) for report in reports}
        _pour(scene, terminal, link, keys)


def _log_in(terminal: Jt808Terminal, link: socket.socket) -> None:
    terminal.register(Registration(0, 0, "FLOOD", "F-1", "0000000", 1, "示A00000"))
    for step in (lambda: None, terminal.authenticate):
        step()
        link.sendall(terminal.data_to_send())
        while terminal.unacknowledged:
            terminal.receive(link.recv(_READ_BYTES))


def _pour(
    scene: Scene,
    terminal: Jt808Terminal,
    link: socket.socket,
    on_the_way: dict[int, Key],
) -> None:
    """Write everything, read nothing at first, and note what is acknowledged."""
    data = memoryview(terminal.data_to_send())
    link.setblocking(False)
    reads_at, deadline = time.monotonic() + _UNREAD_S, time.monotonic() + _ANSWERED_WITHIN_S
    with selectors.DefaultSelector() as selector:
        selector.register(link, selectors.EVENT_WRITE)
        while on_the_way and time.monotonic() < deadline:
            reads = time.monotonic() > reads_at
            wanted = selectors.EVENT_READ * reads | selectors.EVENT_WRITE * bool(data)
            if not wanted:
                time.sleep(0.1)
                continue
            selector.modify(link, wanted)
            for _, ready in selector.select(0.1):
                if ready & selectors.EVENT_WRITE:
                    data = data[link.send(data) :]
                if ready & selectors.EVENT_READ:
                    for heard in terminal.receive(link.recv(_READ_BYTES)):
                        match heard.message:
                            case PlatformAnswer(serial, _, Result.OK) if serial in on_the_way:
                                scene.load.acknowledged.add(on_the_way.pop(serial))
    scene.await_served()


def _connect(scene: Scene, address: str) -> socket.socket:
    link = socket.create_connection(
        ("127.0.0.1", scene.broken.system.jt808_port), timeout=10, source_address=(address, 0)
    )
    link.setblocking(False)
    return link


@contextmanager
def _links(scene: Scene, address: str, count: int) -> Iterator[list[socket.socket]]:
    links = [_connect(scene, address) for _ in range(count)]
    try:
        yield links
    finally:
        for link in links:
            link.close()


HOSTILE = (
    Fault("slow loris", "50 links on which bytes drip and no frame ends", _slow_loris),
    Fault("half-open links", "a third of the terminals vanish and come back", _half_open),
    Fault("one identity twice", "five terminals report over two processes at once", _same_identity),
    Fault("flood of connections", "1,000 silent links, others come and go", _flood_of_connections),
    Fault("flood of garbage", "ten links send bytes of chance without a pause", _flood_of_garbage),
    Fault("flood of frames", "10,000 frames of one terminal, no answer read", _flood_of_frames, 1),
)
