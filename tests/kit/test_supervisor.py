import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from kit.child_process import ChildFailed, ChildProcess, Command, describe_end
from kit.readiness import ReadyLine, ReadyPort
from kit.servers import EmbeddedValkey
from kit.servers.processes import is_alive, processes_of
from kit.servers.service import ServerService
from kit.supervisor import Backoff, Supervisor
from tests.support.servers import server_folder
from tests.support.waiting import eventually

_SERVE = "import os, signal; print('ready', os.getpid(), flush=True); signal.pause()"
_QUICK = Backoff(first_s=0.01, most_s=0.02)


class Told(list[str]):
    """The lines that the supervisor said."""

    async def until(self, text: str, times: int = 1) -> str:
        """Return the line with `text`, when it was said often enough."""
        async with asyncio.timeout(20):
            while len(found := [line for line in self if text in line]) < times:
                await asyncio.sleep(0.01)
        return found[times - 1]


def serve(name: str, said: Told, code: str = _SERVE, **options: float) -> ChildProcess:
    argv = [sys.executable, "-c", code]
    return ChildProcess(
        Command(name, argv, ready=ReadyLine("ready"), **options),  # type: ignore[arg-type]
        said.append,
    )


@pytest.fixture
async def run() -> AsyncIterator[Callable[[Supervisor], "asyncio.Task[None]"]]:
    running: list[tuple[Supervisor, asyncio.Task[None]]] = []

    def begin(supervisor: Supervisor) -> "asyncio.Task[None]":
        task = asyncio.create_task(supervisor.run())
        running.append((supervisor, task))
        return task

    yield begin
    for supervisor, task in running:
        supervisor.ask_to_stop()
        await asyncio.wait({task}, timeout=30)


Run = Callable[[Supervisor], "asyncio.Task[None]"]


async def test_services_start_in_order_and_stop_in_reverse(run: Run) -> None:
    said = Told()
    supervisor = Supervisor([serve(name, said) for name in "abc"], said.append)
    task = run(supervisor)
    await said.until("c is ready")
    supervisor.ask_to_stop()
    await task
    events = [line.partition(" (")[0] for line in said if " | " not in line]
    assert events == [
        "a is ready", "b is ready", "c is ready",
        "c has stopped", "b has stopped", "a has stopped",
    ]  # fmt: skip


async def test_lines_are_forwarded_under_their_childs_name(run: Run) -> None:
    said = Told()
    code = "import sys; print('车' * 3); print('x' * 20_000, file=sys.stderr);" + _SERVE
    run(Supervisor([serve("worker", said, code)], said.append))
    await said.until("worker is ready")
    assert "worker | 车车车" in said
    assert "".join(said).count("x") == 20_000


async def test_a_killed_child_is_started_again_and_it_is_said(run: Run) -> None:
    said = Told()
    child = serve("gateway", said)
    run(Supervisor([child], said.append, _QUICK))
    program = int((await said.until("gateway | ready")).split()[-1])
    await said.until("gateway is ready (")
    os.kill(program, signal.SIGKILL)
    await said.until("gateway was ended by SIGKILL; starting it again in 0.01 s")
    await said.until("gateway is ready again")
    assert int((await said.until("gateway | ready", times=2)).split()[-1]) != program


async def test_with_a_killed_guard_its_program_goes_too_and_comes_back(run: Run) -> None:
    said = Told()
    child = serve("gateway", said)
    run(Supervisor([child], said.append, _QUICK))
    program = int((await said.until("gateway | ready")).split()[-1])
    await said.until("gateway is ready (")
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    await said.until("gateway is ready again")
    assert not is_alive(program)


async def test_a_child_that_keeps_failing_is_tried_with_growing_pauses(
    run: Run, tmp_path: Path
) -> None:
    said = Told()
    once = tmp_path / "once"
    code = (
        f"import os, pathlib; p = pathlib.Path({str(once)!r})\nif p.exists(): raise SystemExit(3)\n"
    )
    code += "p.touch(); print('ready', flush=True)"
    run(Supervisor([serve("api", said, code)], said.append, _QUICK))
    await said.until("api could not be started: api ended with status 3 before it was ready", 3)
    pauses = [line.rpartition(" in ")[2] for line in said if "starting it again" in line]
    assert pauses[:3] == ["0.01 s", "0.02 s", "0.02 s"]


async def test_a_first_start_that_fails_stops_what_was_started(run: Run) -> None:
    said = Told()
    services = [
        serve("a", said),
        serve("b", said, "print('no such table', flush=True); raise SystemExit(2)"),
        serve("c", said),
    ]
    with pytest.raises(ChildFailed) as failure:
        await Supervisor(services, said.append).run()
    assert str(failure.value) == (
        "b ended with status 2 before it was ready; its last line was: no such table"
    )
    assert "a has stopped" in said
    assert not any(line.startswith("c |") for line in said)


async def test_a_child_that_is_never_ready_is_told(run: Run) -> None:
    said = Told()
    child = serve("slow", said, "import signal; signal.pause()", start_s=0.2)
    with pytest.raises(ChildFailed, match=r"slow was not ready within 0\.2 s"):
        await Supervisor([child], said.append).run()


async def test_a_stop_during_the_start_is_obeyed(run: Run) -> None:
    said = Told()
    hanging = serve("slow", said, "print('starting', flush=True); import signal; signal.pause()")
    supervisor = Supervisor([serve("a", said), hanging], said.append)
    task = run(supervisor)
    await said.until("slow | starting")
    supervisor.ask_to_stop()
    await task
    assert "a has stopped" in said


async def test_a_child_that_ignores_the_stop_is_killed(run: Run) -> None:
    said = Told()
    code = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        + _SERVE
        + ";"
        + ("signal.pause()")
    )
    supervisor = Supervisor([serve("deaf", said, code, stop_s=0.2)], said.append)
    task = run(supervisor)
    program = int((await said.until("deaf | ready")).split()[-1])
    await said.until("deaf is ready")
    supervisor.ask_to_stop()
    await task
    assert "deaf did not stop within 0.2 s; killing it" in said
    assert not is_alive(program)


async def test_a_process_that_left_the_group_does_not_hold_up_the_stop(run: Run) -> None:
    said = Told()
    code = "import subprocess; p = subprocess.Popen(['sleep', '300'], start_new_session=True);"
    supervisor = Supervisor(
        [serve("forking", said, code + "print('left', p.pid, flush=True);" + _SERVE)], said.append
    )
    task = run(supervisor)
    escaped = int((await said.until("forking | left")).split()[-1])
    await said.until("forking is ready")
    supervisor.ask_to_stop()
    await task
    os.kill(escaped, signal.SIGKILL)


async def test_an_open_port_shows_readiness(run: Run) -> None:
    said = Told()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    child = ChildProcess(Command("http", argv, ready=ReadyPort("127.0.0.1", port)), said.append)
    run(Supervisor([child], said.append))
    await said.until("http is ready")
    socket.create_connection(("127.0.0.1", port)).close()


async def test_an_answer_shows_readiness(run: Run, tmp_path: Path) -> None:
    said = Told()

    async def exists() -> bool:
        return (tmp_path / "up").exists()

    code = f"open({str(tmp_path / 'up')!r}, 'w'); import signal; signal.pause()"
    child = ChildProcess(Command("file", [sys.executable, "-c", code], ready=exists), said.append)
    run(Supervisor([child], said.append))
    await said.until("file is ready")


async def test_a_killed_server_is_started_again(run: Run) -> None:
    said = Told()
    with server_folder() as folder:
        server = EmbeddedValkey(folder)
        supervisor = Supervisor([ServerService("valkey", server)], said.append, _QUICK)
        task = run(supervisor)
        await said.until("valkey is ready (")
        for pid in processes_of("valkey-server", server.home / "work"):
            os.kill(pid, signal.SIGKILL)
        await said.until("valkey is ready again")
        supervisor.ask_to_stop()
        await task
        assert not server.is_running()


def supervising(tmp_path: Path) -> tuple["subprocess.Popen[str]", list[int]]:
    """Start a supervisor with two children as a process of its own; return it and their ids."""
    script = tmp_path / "up.py"
    script.write_text(
        f"""
import asyncio, sys
from kit.child_process import ChildProcess, Command
from kit.readiness import ReadyLine
from kit.supervisor import Supervisor
say = lambda line: print(line, flush=True)
argv = [sys.executable, "-c", {_SERVE!r}]
children = [ChildProcess(Command(name, argv, ready=ReadyLine("ready")), say) for name in "ab"]
asyncio.run(Supervisor(children, say).run(on_ready=lambda: say("all up")))
"""
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert parent.stdout is not None
    children: list[int] = []
    for line in parent.stdout:
        if "| ready" in line:
            children.append(int(line.split()[-1]))
        if "all up" in line:
            break
    assert len(children) == 2
    return parent, children


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    parent, children = supervising(tmp_path)
    parent.kill()
    parent.communicate()
    eventually(lambda: not any(map(is_alive, children)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_in_order(tmp_path: Path, number: signal.Signals) -> None:
    parent, children = supervising(tmp_path)
    parent.send_signal(number)
    said, _ = parent.communicate(timeout=30)
    assert parent.returncode == 0
    assert [line for line in said.splitlines() if "has stopped" in line] == [
        "b has stopped",
        "a has stopped",
    ]
    assert not any(map(is_alive, children))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (0, "ended with status 0"),
        (1, "ended with status 1"),
        (-9, "was ended by SIGKILL"),
        (143, "was ended by SIGTERM"),
        (255, "ended with status 255"),
    ],
)
def test_an_end_is_put_in_words(status: int, sentence: str) -> None:
    assert describe_end(status) == sentence


def test_the_pauses_double_up_to_the_most() -> None:
    backoff = Backoff(first_s=0.5, most_s=3.0)
    assert [backoff.delay_s(n) for n in range(4)] == [0.5, 1.0, 2.0, 3.0]
    assert backoff.delay_s(10_000) == 3.0
    with pytest.raises(ValueError):
        Backoff(first_s=2, most_s=1)
