"""Documents: judged by their content, kept by digest, and who reads one is journalled."""

import hashlib

import httpx
import pytest
from sqlalchemy import select

from fleet.tables import JournalEntry
from kit.database import Sessions
from kit.media import MediaDamaged, MediaFolder
from kit.settings import Settings
from tests.support.world import World, log_in

API = "/api/v1"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
TITLE = '../../etc/年检 "1"\r\nX: y'


async def new_document(client: httpx.AsyncClient, world: World, **changes: object) -> str:
    body = {"kind": "insurance", "title": "保单", "expires_on": "2026-12-01"} | changes
    vehicle = world.vehicles["a1"].id
    answer = await client.post(f"{API}/vehicles/{vehicle}/documents", json=body)
    assert answer.status_code == 201, answer.text
    return f"{API}/documents/{answer.json()['id']}"


async def test_a_file_is_kept_by_its_digest_and_served_so_that_nothing_runs(
    client: httpx.AsyncClient, world: World, settings: Settings, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    address = await new_document(client, world, title=TITLE, kind="photo")
    assert (await client.get(f"{address}/content")).status_code == 404
    put = await client.put(f"{address}/content", content=PNG, headers={"Content-Type": "text/html"})
    assert put.status_code == 200, put.text
    assert (put.json()["media_type"], put.json()["size_bytes"]) == ("image/png", len(PNG))
    digest = hashlib.sha256(PNG).hexdigest()
    files = [one for one in settings.media_dir.rglob("*") if one.is_file()]
    assert [str(one.relative_to(settings.media_dir)) for one in files] == [f"{digest[:2]}/{digest}"]
    again = await client.put(f"{address}/content", content=PNG + b"x")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/content-kept")

    await log_in(client, "clerk_a")
    got = await client.get(f"{address}/content")
    assert got.content == PNG
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    disposition = got.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''..%2F..%2Fetc")
    assert "\n" not in disposition
    async with sessions() as session:
        reads = await session.scalars(
            select(JournalEntry.actor_name).where(JournalEntry.action == "document.read")
        )
        assert reads.all() == ["clerk_a"]
    await log_in(client, "clerk_b")
    assert (await client.get(f"{address}/content")).status_code == 404
    assert (await client.put(f"{address}/content", content=PNG)).status_code == 403
    files[0].write_bytes(PNG + b"changed")
    await log_in(client, "manager")
    assert (await client.get(f"{address}/content")).json()["type"] == "/problems/media-damaged"


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"<script>alert(1)</script>", 422, "unknown-content"),
        (b"", 422, "unknown-content"),
        (b"GIF89a", 422, "unknown-content"),
        (b"%PDF-1.7" + bytes(8 * 1024 * 1024), 413, "body-too-large"),
    ],
)
async def test_what_is_no_image_and_no_document_or_too_large_is_refused(
    client: httpx.AsyncClient,
    world: World,
    settings: Settings,
    content: bytes,
    status: int,
    kind: str,
) -> None:
    await log_in(client, "manager")
    address = await new_document(client, world)
    answer = await client.put(f"{address}/content", content=content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert not settings.media_dir.exists()


async def test_documents_that_expire_soon_are_listed_the_soonest_first(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    for day in ("2027-03-01", "2026-12-01", "2026-12-01"):
        await new_document(client, world, expires_on=day)
    await new_document(client, world, expires_on=None)
    issued_late = {"kind": "insurance", "title": "x", "issued_on": "2026-12-02"}
    vehicle = f"{API}/vehicles/{world.vehicles['a1'].id}/documents"
    bad = await client.post(vehicle, json=issued_late | {"expires_on": "2026-12-01"})
    assert bad.json()["type"] == "/problems/expires-before-issue"
    first = (await client.get(f"{API}/documents?expires_before=2026-12-02&limit=1")).json()
    rest = (
        await client.get(f"{API}/documents?expires_before=2026-12-02&cursor={first['next_cursor']}")
    ).json()
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert len(set(ids)) == 2
    assert rest["next_cursor"] is None
    assert (await client.delete(f"{API}/documents/{ids[0]}")).status_code == 204
    assert (await client.get(f"{API}/documents/{ids[0]}/content")).status_code == 404
    assert len((await client.get(f"{vehicle}?limit=2")).json()["items"]) == 2
    assert (await client.get(f"{API}/documents?cursor=WzEsMl0")).status_code == 422
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/documents")).json()["items"] == []


def test_a_digest_that_is_none_names_no_path(settings: Settings) -> None:
    folder = MediaFolder(settings.media_dir)
    for name in ("../../etc/passwd", "", "A" * 64):
        with pytest.raises(MediaDamaged):
            folder.read(name)
