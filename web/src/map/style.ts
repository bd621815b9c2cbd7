import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

/** Where the imported map lies; the server answers 404 before the first import. */
export const BASEMAP_URL = "/maps/current/basemap.pmtiles";
export const MANIFEST_URL = "/maps/current/manifest.json";

const SOURCE = "basemap";
/** Drawn by the browser's own fonts: the style has no glyphs, so nothing is fetched for them. */
const FONT = ["Noto Sans CJK SC"];

const INK = "#5b6673";
const HALO = "rgba(250,249,246,0.9)";
const COLOUR = {
  land: "#f3f2ee",
  built: "#eceae4",
  industry: "#e8e6e4",
  green: "#dde8d3",
  water: "#b9d5e4",
  building: "#dfdbd3",
  casing: "#c4bfb4",
  rail: "#b3b0aa",
  road: "#ffffff",
  main: "#fdf0cf",
  mainCasing: "#dcc48f",
};

type Width = [number, number, number];

const byZoom = ([z10, z14, z18]: Width) =>
  ["interpolate", ["exponential", 1.6], ["zoom"], 10, z10, 14, z14, 18, z18] as never;

interface RoadLook {
  classes: string[];
  width: Width;
  fill: string;
  casing: string;
  minzoom: number;
}

const ROADS: RoadLook[] = [
  { classes: ["path"], width: [0, 0.8, 4], fill: "#f8f6f1", casing: COLOUR.casing, minzoom: 14.5 },
  {
    classes: ["service"],
    width: [0, 1.6, 9],
    fill: COLOUR.road,
    casing: COLOUR.casing,
    minzoom: 13.5,
  },
  {
    classes: ["minor"],
    width: [0.5, 3, 16],
    fill: COLOUR.road,
    casing: COLOUR.casing,
    minzoom: 12,
  },
  {
    classes: ["tertiary"],
    width: [0.9, 4.5, 20],
    fill: COLOUR.road,
    casing: COLOUR.casing,
    minzoom: 11,
  },
  {
    classes: ["secondary"],
    width: [1.4, 5.5, 24],
    fill: COLOUR.road,
    casing: "#b8b2a6",
    minzoom: 9,
  },
  {
    classes: ["primary", "trunk"],
    width: [1.8, 6.5, 28],
    fill: COLOUR.main,
    casing: COLOUR.mainCasing,
    minzoom: 5,
  },
  { classes: ["motorway"], width: [2.2, 7.5, 32], fill: "#f8dfae", casing: "#cfae6d", minzoom: 3 },
];

const oneOf = (classes: string[]) => ["in", ["get", "class"], ["literal", classes]] as never;

const wider = (width: Width, by: number): Width => [width[0] + by, width[1] + by, width[2] + by];

function road(look: RoadLook, part: "casing" | "fill"): LayerSpecification {
  return {
    id: `road-${look.classes[0]}-${part}`,
    type: "line",
    source: SOURCE,
    "source-layer": "roads",
    minzoom: look.minzoom,
    filter: oneOf(look.classes),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": part === "casing" ? look.casing : look.fill,
      "line-width": byZoom(part === "casing" ? wider(look.width, 1.4) : look.width),
    },
  };
}

function area(id: string, layer: string, colour: string, classes?: string[]): LayerSpecification {
  return {
    id,
    type: "fill",
    source: SOURCE,
    "source-layer": layer,
    ...(classes ? { filter: oneOf(classes) } : {}),
    paint: { "fill-color": colour },
  };
}

function names(id: string, layer: string, minzoom: number, size: number): LayerSpecification {
  const along = layer === "roads" || layer === "waterways";
  return {
    id,
    type: "symbol",
    source: SOURCE,
    "source-layer": layer,
    minzoom,
    filter: ["has", "name"],
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": size,
      "symbol-placement": along ? "line" : "point",
      "symbol-spacing": 320,
      "text-max-width": 8,
    },
    paint: {
      "text-color": layer.startsWith("water") ? "#4a7690" : INK,
      "text-halo-color": HALO,
      "text-halo-width": 1.4,
    },
  };
}

const GREEN = [
  "park",
  "garden",
  "pitch",
  "golf_course",
  "nature_reserve",
  "wood",
  "scrub",
  "grassland",
  "wetland",
  "forest",
  "grass",
  "meadow",
  "orchard",
  "farmland",
  "recreation_ground",
  "cemetery",
];

const LAYERS: LayerSpecification[] = [
  area("landuse-built", "landuse", COLOUR.built, [
    "residential",
    "commercial",
    "retail",
    "education",
  ]),
  area("landuse-industry", "landuse", COLOUR.industry, ["industrial", "railway", "depot"]),
  area("landuse-green", "landuse", COLOUR.green, GREEN),
  area("water", "water", COLOUR.water),
  {
    id: "waterways",
    type: "line",
    source: SOURCE,
    "source-layer": "waterways",
    paint: { "line-color": COLOUR.water, "line-width": byZoom([1, 2.5, 8]) },
  },
  { ...area("buildings", "buildings", COLOUR.building), minzoom: 14 } as LayerSpecification,
  {
    id: "railways",
    type: "line",
    source: SOURCE,
    "source-layer": "railways",
    paint: {
      "line-color": COLOUR.rail,
      "line-width": byZoom([0.6, 1.4, 3]),
      "line-dasharray": [5, 3],
    },
  },
  ...ROADS.map((look) => road(look, "casing")),
  ...ROADS.map((look) => road(look, "fill")),
  names("water-names", "water", 11, 12),
  names("waterway-names", "waterways", 12, 11.5),
  names("road-names", "roads", 13, 11),
  names("landmark-names", "landmarks", 14, 11),
  names("settlement-names", "settlements", 8, 13.5),
];

/** The style of the map: paper alone, or with the imported basemap on it. */
export function styleOf(hasBasemap: boolean): StyleSpecification {
  return {
    version: 8,
    sources: hasBasemap
      ? { [SOURCE]: { type: "vector", url: `pmtiles://${location.origin}${BASEMAP_URL}` } }
      : {},
    layers: [
      { id: "paper", type: "background", paint: { "background-color": COLOUR.land } },
      ...(hasBasemap ? LAYERS : []),
    ],
  };
}
