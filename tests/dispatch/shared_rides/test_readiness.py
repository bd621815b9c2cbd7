"""While the kernel is compiled nobody waits: joining is refused, and leaving goes on without it."""

import sys
from pathlib import Path

import pytest

from dispatch import kept_code
from dispatch.shared_rides.kernel import is_ready, made_ready
from tests.dispatch.office import Office, ok, problem
from tests.dispatch.shared_rides.rides import asked, join


async def test_shared_rides_are_refused_until_the_kernel_is_ready(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    with monkeypatch.context() as updated:
        updated.setattr(kept_code, "folder", lambda: tmp_path)
        found = await office.get("dispatcher", f"/requests/{second['id']}/shared-rides")
        problem(found, "sharing-not-ready", 503)
        body = {"order_id": order["id"], "revision": second["revision"]}
        body |= {"order_revision": order["revision"], "override": True, "reason": "同去"}
        joined = await office.post("dispatcher", f"/requests/{second['id']}/join", body)
        problem(joined, "sharing-not-ready", 503)
        kept_code.say_whole()
        found = await office.get("dispatcher", f"/requests/{second['id']}/shared-rides")
        assert [item["order_id"] for item in ok(found)["items"]] == [order["id"]]
    shared = await join(office, second, order, override=True, reason="同去会议中心")
    with monkeypatch.context() as updated:
        updated.setattr(kept_code, "folder", lambda: tmp_path / "after another update")
        seen = ok(await office.get("applicant_a", f"/requests/{first['id']}"))
        body = {"revision": seen["revision"], "reason": "会议取消"}
        ok(await office.post("applicant_a", f"/requests/{first['id']}/cancel", body))
        rest = ok(await office.get("dispatcher", f"/orders/{shared['id']}"))
        assert [one["id"] for one in rest["requests"]] == [second["id"]]


def test_a_kernel_that_is_ready_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_ready()
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with made_ready():
        pass


def test_a_process_that_ends_takes_the_compiler_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_code, "folder", lambda: tmp_path)
    with made_ready() as compiling:
        assert compiling is not None
        assert compiling.poll() is None
    assert compiling.returncode is not None
