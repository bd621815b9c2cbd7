"""An export proves itself to a script that has none of our code."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.journal.exporting import export_lines, seals_between
from kit.database import transaction
from tests.docs.markdown import ROOT
from tests.fleet.journal.conftest import Archive

SCRIPT = ROOT / "docs" / "verify_journal.py"
Line = dict[str, object]


async def export(archive: Archive, file: Path, *, is_shown: bool = True) -> list[Line]:
    async with transaction(archive.sessions) as session:
        seals = await seals_between(session, None, None)
    parts = [part async for part in export_lines(archive.sessions, seals, lambda _: is_shown)]
    file.write_text("".join(parts), encoding="utf-8")
    return [json.loads(line) for line in "".join(parts).splitlines()]


def script(*arguments: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_script_is_short_and_has_none_of_our_code() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 30
    imports = {line.split()[1] for line in lines if line.startswith(("import", "from"))}
    assert imports == {"hashlib", "json", "sys", "pathlib"}


@pytest.mark.parametrize("is_shown", [True, False])
async def test_an_export_holds_whole_and_withheld(
    sealed: Archive, tmp_path: Path, is_shown: bool
) -> None:
    file = tmp_path / "export"
    lines = await export(sealed, file, is_shown=is_shown)
    assert [line["n"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert ("示A4" in file.read_text(encoding="utf-8")) == is_shown
    end = script(file, sealed.heads.path)
    assert end.returncode == 0, end.stderr
    assert end.stdout.startswith("All holds, up to seal 6, ")
    mute = 0 if is_shown else 6
    agreed = "2 heads kept outside agree, 0 are of later seals.\n"
    assert end.stdout.endswith(f"; {mute} entries are erased or withheld; {agreed}")


def _payload(lines: list[Line]) -> None:
    lines[3]["payload"] = str(lines[3]["payload"]).replace("示A4", "示B4")


def _header(lines: list[Line]) -> None:
    lines[3]["header"] = str(lines[3]["header"]).replace("add", "ads")


def _swap(lines: list[Line]) -> None:
    for name in ("header", "payload", "salt", "payload_digest", "digest"):
        lines[3][name], lines[4][name] = lines[4][name], lines[3][name]


def _delete(lines: list[Line]) -> None:
    del lines[3]


def _headless(lines: list[Line]) -> None:
    _payload(lines)
    salted = bytes.fromhex(str(lines[3]["salt"])) + str(lines[3]["payload"]).encode()
    lines[3] |= {"header": None, "payload_digest": hashlib.sha256(salted).hexdigest()}


def _resalted(lines: list[Line]) -> None:
    first, rest = str(lines[3]["payload"])[0], str(lines[3]["payload"])[1:]
    lines[3] |= {"salt": f"{lines[3]['salt']}{first.encode().hex()}", "payload": rest}


def _weak(lines: list[Line]) -> None:
    """Another entry under a weak algorithm, with a head that follows by it."""
    line = lines[0]
    _payload([line] * 4)
    salted = bytes.fromhex(str(line["salt"])) + str(line["payload"]).encode()
    line |= {"algorithm": "md5", "payload_digest": hashlib.md5(salted).hexdigest()}
    entry = str(line["header"]).encode() + bytes.fromhex(str(line["payload_digest"]))
    line["digest"] = hashlib.md5(entry).hexdigest()
    link = f"1 md5 {line['sealed_at']} {line['previous']} {line['digest']}"
    line["head"] = hashlib.md5(link.encode()).hexdigest()
    del lines[1:]


def _genesis(lines: list[Line]) -> None:
    lines[0]["previous"] = "ff" * 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_payload, "The payload_digest of seal 4 is not what it was."),
        (_header, "The digest of seal 4 is not what it was."),
        (_swap, "The head of seal 4 is not what it was."),
        (_delete, "Seal 5 does not follow from seal 3."),
        (_headless, "The digest of seal 4 is not what it was."),
        (_resalted, "The payload_digest of seal 4 is not what it was."),
        (_weak, "Seal 1 names an algorithm that the journal never uses."),
        (_genesis, "Seal 1 does not follow from seal 0."),
    ],
)
async def test_a_changed_export_is_refused(
    sealed: Archive, tmp_path: Path, change: Callable[[list[Line]], None], said: str
) -> None:
    file = tmp_path / "export"
    lines = await export(sealed, file)
    change(lines)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    end = script(file)
    assert (end.returncode, end.stderr.strip()) == (1, said)


async def test_an_export_of_a_recomputed_chain_fails_against_a_kept_head(
    sealed: Archive, tmp_path: Path
) -> None:
    file, kept = tmp_path / "export", tmp_path / "kept"
    await export(sealed, file)
    kept.write_text(f"6 {'00' * 32} 2026-01-01T00:00:00.000000Z sha256\n")
    end = script(file, kept)
    assert end.returncode == 1
    assert "another head of seal 6 was kept outside" in end.stderr


@pytest.mark.parametrize("seals", [(3, -6, 6), (6, 3), (3, 6, 3)])
async def test_heads_that_contradict_each_other_or_go_back_are_refused(
    sealed: Archive, tmp_path: Path, seals: tuple[int, ...]
) -> None:
    """A negative number stands for another head of the seal."""
    file, kept = tmp_path / "export", tmp_path / "kept"
    lines = await export(sealed, file)
    heads = [lines[n - 1]["head"] if n > 0 else "00" * 32 for n in seals]
    told = [
        f"{abs(n)} {head} 2026-01-01T00:00:00Z sha256\n"
        for n, head in zip(seals, heads, strict=True)
    ]
    kept.write_text("".join(told))
    end = script(file, kept)
    assert end.returncode == 1
    assert "the chain was cut, and continued" in end.stderr


async def test_an_export_that_ends_before_the_heads_kept_outside_says_so(
    sealed: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "export"
    lines = await export(sealed, file)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines[:4]), encoding="utf-8")
    end = script(file, sealed.heads.path)
    assert end.stdout.endswith("1 heads kept outside agree, 1 are of later seals.\n")
