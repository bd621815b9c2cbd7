// What a first visit downloads, gzipped, against what we promise. Fails when a promise is broken.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const DIST = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const LIMITS_KB = { phone: 95, console: 260, map: 330, phoneMap: 330, worker: 160 };

const gzippedKb = (path) => gzipSync(readFileSync(join(DIST, path))).length / 1000;

function entryScripts(page) {
  const html = readFileSync(join(DIST, page), "utf8");
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((m) => m[1]);
}

function chunksNamed(prefix) {
  return readdirSync(join(DIST, "assets"))
    .filter((name) => name.startsWith(prefix) && /\.m?js$/.test(name))
    .map((name) => `assets/${name}`);
}

const parts = {
  phone: entryScripts("m.html"),
  console: entryScripts("index.html"),
  map: [...chunksNamed("map-"), ...chunksNamed("MapPage-")],
  phoneMap: chunksNamed("ApproachMap-"),
  // Each build has its own, and nobody loads both.
  worker: chunksNamed("maplibre-gl-worker")
    .sort((a, b) => gzippedKb(b) - gzippedKb(a))
    .slice(0, 1),
};

let broken = false;
for (const [name, files] of Object.entries(parts)) {
  const size = files.reduce((sum, file) => sum + gzippedKb(file), 0);
  const limit = LIMITS_KB[name];
  const verdict = size > limit ? "TOO LARGE" : "ok";
  broken ||= size > limit || files.length === 0;
  process.stdout.write(
    `${name.padEnd(8)} ${size.toFixed(1).padStart(6)} kB gz of ${limit} (${files.length} files) ${verdict}\n`,
  );
}
process.exit(broken ? 1 : 0);
