"""Pages, the map's files, health and metrics."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from gateway.http.static import Site
from kit.settings import Settings
from tests.support.world import World, client_of, log_in

BASEMAP = "/maps/current/basemap.pmtiles"


@pytest.fixture
def imported_map(settings: Settings) -> bytes:
    """A map in use, as `gongche map import` leaves it; returns its basemap's bytes."""
    folder = settings.maps_dir / "0001-0123abcd"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    content = bytes(range(256)) * 40
    (folder / "basemap.pmtiles").write_bytes(content)
    (folder / "network.npz").write_bytes(b"not for browsers")
    (settings.maps_dir / "current").symlink_to(folder.name)
    return content


@pytest.fixture
def built_site(tmp_path: Path) -> Path:
    """A folder as Vite leaves it, beside a file that is no page."""
    site = tmp_path / "dist"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_text("console")
    (site / "m.html").write_text("phone")
    (site / "favicon.svg").write_text("<svg/>")
    (site / "assets" / "console-1a2b.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return site


async def test_the_map_needs_a_log_in(client: httpx.AsyncClient, imported_map: bytes) -> None:
    assert (await client.get(BASEMAP)).status_code == 401


async def test_the_map_is_read_by_byte_ranges(
    client: httpx.AsyncClient, world: World, imported_map: bytes
) -> None:
    await log_in(client, "applicant_a")
    part = await client.get(BASEMAP, headers={"Range": "bytes=100-299"})
    assert part.status_code == 206
    assert part.content == imported_map[100:300]
    assert part.headers["content-range"] == f"bytes 100-299/{len(imported_map)}"
    assert (await client.get(BASEMAP)).content == imported_map


@pytest.mark.parametrize("name", ["network.npz", "..%2F0001-0123abcd%2Fmanifest.json", "x"])
async def test_no_other_file_of_the_map_folder_is_served(
    client: httpx.AsyncClient, world: World, imported_map: bytes, name: str
) -> None:
    await log_in(client, "applicant_a")
    assert (await client.get(f"/maps/current/{name}")).status_code in {404, 422}


async def test_without_an_import_there_is_no_map(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "applicant_a")
    assert (await client.get(BASEMAP)).status_code == 404


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "console"),
        ("/requests/42", "console"),
        ("/m", "phone"),
        ("/m/orders", "phone"),
        ("/favicon.svg", "<svg/>"),
        ("/assets/console-1a2b.js", "1"),
    ],
)
async def test_each_address_answers_with_its_page(
    app: FastAPI, built_site: Path, path: str, text: str
) -> None:
    app.router.default = Site(built_site)
    async with client_of(app) as client:
        assert (await client.get(path)).text == text


@pytest.mark.parametrize(
    "path",
    ["/secret.txt", "/..%2Fsecret.txt", "/assets/..%2F..%2Fsecret.txt", "/%2e%2e/secret.txt"],
)
async def test_nothing_outside_the_site_is_served(
    app: FastAPI, built_site: Path, path: str
) -> None:
    app.router.default = Site(built_site)
    async with client_of(app) as client:
        assert (await client.get(path)).text != "secret"


async def test_pages_that_are_not_built_say_how_to_build_them(app: FastAPI) -> None:
    app.router.default = Site(None)
    async with client_of(app) as client:
        answer = await client.get("/")
    assert answer.status_code == 200
    assert "make web" in answer.text


async def test_health_says_what_works_and_what_is_degraded(client: httpx.AsyncClient) -> None:
    body = (await client.get("/health")).json()
    assert body["database"] == "ok"
    assert body["bus"] == "none"
    assert body["status"] == "degraded"
    assert body["last_commit_at"] is None
    assert any("map" in sentence for sentence in body["degraded"])


async def test_metrics_count_requests_by_route_and_not_by_id(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    id = world.vehicles["a1"].id
    assert (await client.get(f"/api/v1/vehicles/{id}")).status_code == 200
    text = (await client.get("/metrics")).text
    assert str(id) not in text
    assert '{method="GET",route="/api/v1/vehicles/{id}",status="200"} 1.0' in text
    assert '{method="POST",route="/api/v1/session",status="200"} 1.0' in text
    assert '_count{route="/api/v1/session",status="2xx"} 1.0' in text


async def test_nothing_that_a_stranger_chooses_makes_a_series(client: httpx.AsyncClient) -> None:
    asked = [
        ("STRANGE", "/api/v1/vehicles"),
        ("GET", "/api/v1/strange"),
        ("PUT", "/api/v1/vehicles/strange"),
        ("GET", "/maps/strange/strange"),
        ("GET", "/api/v1/vehicles/strange/strange/strange"),
        ("GET", "/strange/../api/v1//vehicles/strange"),
    ]
    for method, path in asked:
        await client.request(method, path)
    text = (await client.get("/metrics")).text
    assert 'method="other"' in text
    assert "strange" not in text.lower()
