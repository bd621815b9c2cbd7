"""The invented city as a file, and as an imported map; both are made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.city import City, generate, write
from dispatch.roads.importing.importing import import_map
from dispatch.roads.versions import MapVersion


@pytest.fixture(scope="session")
def city() -> City:
    return generate(seed=7)


@pytest.fixture(scope="session")
def city_file(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "city.osm.pbf"
    write(city, path)
    return path


@pytest.fixture(scope="session")
def maps_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maps")


@pytest.fixture(scope="session")
def version(city_file: Path, maps_dir: Path) -> MapVersion:
    return import_map(city_file, maps_dir, lambda line: None)
