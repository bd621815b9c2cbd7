"""Roads and places over HTTP, on the imported map of the invented city."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from fastapi import FastAPI
from sqlalchemy.dialects.postgresql import Range

from demo.city import City
from demo.city.model import CityPlace, PlaceKind
from dispatch.roads.network import RoadNetwork
from dispatch.roads.plane import EARTH_RADIUS_M
from dispatch.roads.versions import MapVersion
from fleet.acts import Act
from fleet.places.places import add_place
from fleet.tables import PersonRole
from fleet.words import PlaceKind as OwnKind
from fleet.words import Role
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.dispatch.office import Json, Office, ok, problem, wish
from tests.support.apps import app_over

FAR = "20.5,110.5"


@pytest.fixture
def app(database_url: str, sessions: Sessions, tmp_path: Path, version: MapVersion) -> FastAPI:
    """The application over a fresh database, with the invented city as its map."""
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    settings.maps_dir.mkdir(parents=True)
    (settings.maps_dir / version.folder.name).symlink_to(version.folder)
    (settings.maps_dir / "current").symlink_to(version.folder.name)
    return app_over(settings, sessions)


def point(lat: float, lon: float) -> str:
    return f"{lat:.7f},{lon:.7f}"


async def test_roads_are_asked_by_whoever_is_logged_in(
    office: Office, city: City, version: MapVersion
) -> None:
    here, there = city.places_of(PlaceKind.OFFICE)[0], city.places_of(PlaceKind.HOSPITAL)[0]
    ends = point(here.lat, here.lon), point(there.lat, there.lon)
    route = ok(await office.get("applicant_a", "/roads/route", **{"from": ends[0], "to": ends[1]}))
    line = shapely.LineString(route["geometry"]["coordinates"])
    assert route["label"] == "roads"
    assert metres(line) == pytest.approx(route["distance_m"], rel=0.01)
    assert 5 < route["distance_m"] / route["duration_s"] * 3.6 < 90
    off = await office.get("applicant_a", "/roads/route", **{"from": ends[0], "to": FAR})
    assert "1 km from every road" in problem(off, "point-off-roads", 422)["detail"]
    await matrix_agrees_with_routes(office, here, there, route)
    await isochrones_grow(office, here, there, route)
    told = ok(await office.get("driver_a1", "/roads/map"))
    assert told["version"] == version.folder.name
    assert told["notice"] == "未经审图，仅供内部测试"
    assert told["withheld"]["lines"] == 3
    assert min(told["withheld"].values()) >= 2
    for bad in ("1", "91,0", "nan,0", "1,2,3", "", "٤٥,126"):
        answer = await office.get("applicant_a", "/roads/route", **{"from": bad, "to": FAR})
        assert answer.status_code == 422


async def matrix_agrees_with_routes(
    office: Office, here: CityPlace, there: CityPlace, route: Json
) -> None:
    body = {
        "origins": [{"latitude": here.lat, "longitude": here.lon}],
        "destinations": [
            {"latitude": there.lat, "longitude": there.lon},
            {"latitude": 20.5, "longitude": 110.5},
        ],
    }
    matrix = ok(await office.post("applicant_a", "/roads/matrix", body))
    assert matrix["durations_s"][0][0] == pytest.approx(route["duration_s"], abs=0.2)
    assert matrix["distances_m"][0][0] == pytest.approx(route["distance_m"], abs=0.2)
    assert matrix["destination_labels"] == ["roads", "straight_line"]
    many = {**body, "origins": body["origins"] * 201}
    assert (await office.post("applicant_a", "/roads/matrix", many)).status_code == 422


async def isochrones_grow(office: Office, here: CityPlace, there: CityPlace, route: Json) -> None:
    nearby = {"latitude": here.lat, "longitude": here.lon}
    areas = []
    for within_s in (120, int(route["duration_s"]) + 5):
        told = ok(await office.get("applicant_a", "/roads/isochrone", **nearby, within_s=within_s))
        area = shapely.geometry.shape(told["geometry"])
        assert area.is_valid
        assert area.buffer(0.002).contains(shapely.Point(here.lon, here.lat))
        areas.append(area)
    assert areas[0].within(areas[1].buffer(1e-5))
    assert areas[1].buffer(0.002).contains(shapely.Point(there.lon, there.lat))
    far = await office.get("applicant_a", "/roads/isochrone", latitude=20.5, longitude=110.5)
    problem(far, "point-off-roads", 422)
    road = ok(await office.get("applicant_a", "/roads/nearest", **nearby))
    assert road["distance_m"] < 100


def metres(line: shapely.LineString) -> float:
    turned = shapely.transform(line, lambda at: at * [0.7243, 1.0] * (EARTH_RADIUS_M * 0.0174533))
    return float(turned.length)


async def test_places_are_found_own_ones_first(
    office: Office, city: City, version: MapVersion, sessions: Sessions
) -> None:
    hotel = city.places_of(PlaceKind.HOTEL)[0]
    async with transaction(sessions) as session:
        act = Act(actor=None, now=utc_now(), reason="test")
        session.add(
            PersonRole(
                person_no=office.world.people["dispatcher"].no,
                organisation_no=office.world.organisations["a"].no,
                role=Role.SUPERVISOR_OFFICER,
                period=Range(office.world.since, None, bounds="[)"),
            )
        )
        for name, unit, kind, radius_m in (
            (f"{hotel.name}东门", None, OwnKind.OTHER, 60),
            ("甲单位院子", "a", OwnKind.BASE, 300),
            ("乙单位院子", "b", OwnKind.BASE, 300),
            ("高档会所", None, OwnKind.WATCHED, 30),
            ("甲高档会所", "a", OwnKind.WATCHED, 20),
            ("乙高档会所", "b", OwnKind.WATCHED, 10),
        ):
            organisation = office.world.organisations[unit] if unit else None
            await add_place(
                session,
                act,
                name=name,
                kind=kind,
                organisation=organisation,
                latitude=hotel.lat,
                longitude=hotel.lon,
                radius_m=radius_m,
            )
    found = ok(await office.get("applicant_a", "/place-search", q=hotel.name))
    assert [(one["source"], one["name"]) for one in found["items"][:2]] == [
        ("own", f"{hotel.name}东门"),
        ("map", hotel.name),
    ]
    assert found["items"][1]["settlement"] is not None
    for query, user, names in (
        ("dwyz", "applicant_a", ["甲单位院子"]),
        ("danwei yuanzi", "applicant_b", ["乙单位院子"]),
        ("单位 院子", "applicant_a", ["甲单位院子"]),
        ("gaodanghuisuo", "applicant_a", []),
        ("会所", "applicant_a", []),
        # Who looks for stops at unit A's watched places doesn't learn of unit B's.
        ("会所", "dispatcher", ["高档会所", "甲高档会所"]),
    ):
        told = ok(await office.get(user, "/place-search", q=query, near=point(43.3, 114.6)))
        assert [one["name"] for one in told["items"] if one["source"] == "own"] == names
    at = {"latitude": hotel.lat, "longitude": hotel.lon}
    named = ok(await office.get("applicant_a", "/place-search/reverse", **at))
    assert (named["place"]["source"], named["label"]) == ("own", f"{hotel.name}东门")
    named = ok(await office.get("dispatcher", "/place-search/reverse", **at))
    assert named["label"] == "甲高档会所"
    await the_map_names_a_point(office, city, version)
    await nothing_withheld_is_named(office, city)


async def nothing_withheld_is_named(office: Office, city: City) -> None:
    for query in ("演示禁显", "yanshijinxian", "ysjx", "军事", "禁显 号"):
        found = ok(await office.get("dispatcher", "/place-search", q=query, limit=50))
        assert found == {"items": [], "found": 0}
    where = {node.node_id: node for node in city.nodes}
    for way in city.ways:
        if way.tags.get("name") in city.withheld_names:
            node = where[way.node_ids[0]]
            at = {"latitude": node.lat, "longitude": node.lon}
            named = await office.get("dispatcher", "/place-search/reverse", **at)
            assert named.status_code == 200
            assert not any(name in named.text for name in city.withheld_names)


async def the_map_names_a_point(office: Office, city: City, version: MapVersion) -> None:
    school = city.places_of(PlaceKind.SCHOOL)[0]
    at = {"latitude": school.lat, "longitude": school.lon}
    named = ok(await office.get("applicant_a", "/place-search/reverse", **at))
    assert named["place"]["name"] == school.name
    assert named["label"].startswith(named["settlement"])
    assert named["label"].endswith(school.name)
    street = next(way for way in city.ways if "name" in way.tags and "highway" in way.tags)
    network = RoadNetwork.load(version.folder)
    edge = int((network.edge_way_id == street.way_id).argmax())
    lat, lon = network.points_between(edge, 0.5, 0.5)[0]
    road = ok(await office.get("driver_a1", "/roads/nearest", latitude=lat, longitude=lon))
    assert road["name"] == street.tags["name"]
    named = ok(await office.get("driver_a1", "/place-search/reverse", latitude=lat, longitude=lon))
    assert named["road"] == {"name": street.tags["name"], "distance_m": 0.0}
    nowhere = {"latitude": -20.0, "longitude": 100.0}
    named = ok(await office.get("driver_a1", "/place-search/reverse", **nowhere))
    assert named == {"place": None, "road": None, "settlement": None, "label": None}


async def test_a_ride_that_nobody_can_drive_is_refused_with_what_to_change(
    office: Office, city: City
) -> None:
    here, there = city.places_of(PlaceKind.OFFICE)[0], city.places_of(PlaceKind.HOSPITAL)[0]
    ends = {
        "origin": {"name": here.name, "latitude": here.lat, "longitude": here.lon},
        "destination": {"name": there.name, "latitude": there.lat, "longitude": there.lon},
    }
    away = {"name": "邻市", "latitude": 20.5, "longitude": 110.5}
    ok(await office.post("applicant_a", "/requests", wish(**ends)), 201)
    told = problem(
        await office.post("applicant_a", "/requests", wish(**{**ends, "destination": away})),
        "place-outside-map",
        422,
    )
    assert (told["place"], told["name"]) == ("destination", "邻市")
    assert "straight line" in told["detail"]
    meant = wish(**{**ends, "origin": away}, outside_map=True)
    told = problem(await office.post("applicant_a", "/requests", meant), "ride-too-short", 422)
    hours = told["least_minutes"] / 60
    meant = wish(hours=hours, **{**ends, "origin": away}, outside_map=True)
    ok(await office.post("applicant_a", "/requests", meant), 201)
    crowd = await office.post("applicant_a", "/requests", wish(**ends, passengers=60))
    told = problem(crowd, "more-passengers-than-seats", 422)
    assert f"takes {told['most_passengers']} passengers" in told["detail"]
    assert "several requests" in told["detail"]
    fits = wish(**ends, passengers=told["most_passengers"])
    ok(await office.post("applicant_a", "/requests", fits), 201)
    one_more = wish(**ends, passengers=told["most_passengers"] + 1)
    problem(
        await office.post("applicant_a", "/requests", one_more), "more-passengers-than-seats", 422
    )
