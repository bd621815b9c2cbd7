import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from "maplibre-gl";
import { DIM_S, standingOf } from "../live/messages";
import type { LiveStore } from "../live/store";
import { LOOKS, rgbOf } from "./looks";
import { FRAGMENT, VERTEX } from "./shaders";

/** Floats a vehicle: x, y (from the origin), course in radians, r, g, b, a, shape. */
const STRIDE = 8;
const BYTES = 4 * STRIDE;
const RADIANS = Math.PI / 180;

/**
 * Draws every vehicle of the live store as one call to the graphics card.
 *
 * Positions are handed over as differences from an origin near the map's centre, because 32-bit
 * floats of the whole world are metres apart; the origin is folded into the matrix in 64 bits.
 */
export class VehicleLayer implements CustomLayerInterface {
  readonly id = "vehicles";
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;

  #store: LiveStore;
  #map: MapLibre | null = null;
  #program: WebGLProgram | null = null;
  #buffer: WebGLBuffer | null = null;
  #array: WebGLVertexArrayObject | null = null;
  #data = new Float32Array(0);
  #count = 0;
  #origin = { x: 0.5, y: 0.5 };
  #stale = true;
  #picked: string | null = null;
  #stopFollowing: (() => void) | null = null;
  /** The instant for ages, ms; the page moves it on so that drawing stays free of clocks. */
  now_ms = 0;

  constructor(store: LiveStore) {
    this.#store = store;
  }

  pick(id: string | null): void {
    this.#picked = id;
    this.#map?.triggerRepaint();
  }

  /** Draw again, because vehicles or their ages have changed. */
  refresh(now_ms: number): void {
    this.now_ms = now_ms;
    this.#stale = true;
    this.#map?.triggerRepaint();
  }

  onAdd(map: MapLibre, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#program = linked(gl);
    this.#buffer = gl.createBuffer();
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    this.#declare(gl, "a_at", 2, 0);
    this.#declare(gl, "a_course", 1, 2);
    this.#declare(gl, "a_colour", 4, 3);
    this.#declare(gl, "a_shape", 1, 7);
    gl.bindVertexArray(null);
    this.#stopFollowing = this.#store.subscribe(() => this.refresh(Date.now()));
    this.refresh(Date.now());
  }

  onRemove(_map: MapLibre, gl: WebGL2RenderingContext): void {
    this.#stopFollowing?.();
    gl.deleteProgram(this.#program);
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#array);
    this.#map = null;
  }

  render(gl: WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    if (!this.#program) return;
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (this.#stale) {
      this.#fill();
      gl.bufferData(gl.ARRAY_BUFFER, this.#data.subarray(0, this.#count * STRIDE), gl.DYNAMIC_DRAW);
      this.#stale = false;
    }
    const size = this.#size_px() * devicePixelRatio;
    gl.useProgram(this.#program);
    gl.uniformMatrix4fv(this.#uniform(gl, "u_matrix"), false, this.#matrix(input));
    gl.uniform1f(this.#uniform(gl, "u_size"), size);
    gl.uniform1f(this.#uniform(gl, "u_picked"), this.#pickedIndex());
    gl.disable(gl.DEPTH_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.POINTS, 0, this.#count);
    gl.bindVertexArray(null);
    document.body.dataset.vehiclesDrawn = String(this.#count);
  }

  /** Small far out, where hundreds overlap; a fingertip close by. */
  #size_px(): number {
    const zoom = this.#map?.getZoom() ?? 12;
    return Math.max(10, Math.min(26, 10 + (zoom - 9) * 2.6));
  }

  #pickedIndex(): number {
    if (this.#picked === null) return -1;
    return this.#store.vehicles.findIndex((v) => v.id === this.#picked);
  }

  #fill(): void {
    const { vehicles, mercator } = this.#store;
    this.#count = vehicles.length;
    if (this.#data.length < this.#count * STRIDE) {
      this.#data = new Float32Array(2 * this.#count * STRIDE);
    }
    const first = vehicles[0];
    if (first) this.#origin = { x: mercator[0] ?? 0.5, y: mercator[1] ?? 0.5 };
    vehicles.forEach((vehicle, i) => {
      const age_s = this.#store.age_s(vehicle, this.now_ms);
      const look = LOOKS[standingOf(vehicle, age_s)];
      const [r, g, b] = rgbOf(look.colour);
      const alpha = age_s > DIM_S && vehicle.state === "moving" ? 0.55 : 1;
      const course = (vehicle.course_deg ?? 0) * RADIANS;
      // A vehicle on order that stands is a dot in the order's colour: it points nowhere.
      const shape = look.shape === 1 && vehicle.state === "standing" ? 0 : look.shape;
      const x = (mercator[2 * i] ?? 0) - this.#origin.x;
      const y = (mercator[2 * i + 1] ?? 0) - this.#origin.y;
      this.#data.set([x, y, course, r, g, b, alpha, shape], i * STRIDE);
    });
  }

  /** mainMatrix · translate(origin), computed in 64 bits. */
  #matrix(input: CustomRenderMethodInput): Float32Array {
    const m = input.defaultProjectionData.mainMatrix;
    const out = new Float32Array(16);
    for (let i = 0; i < 12; i += 1) out[i] = m[i] ?? 0;
    for (let i = 0; i < 4; i += 1) {
      out[12 + i] =
        (m[i] ?? 0) * this.#origin.x + (m[4 + i] ?? 0) * this.#origin.y + (m[12 + i] ?? 0);
    }
    return out;
  }

  #declare(gl: WebGL2RenderingContext, name: string, size: number, offset: number): void {
    if (!this.#program) return;
    const place = gl.getAttribLocation(this.#program, name);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, gl.FLOAT, false, BYTES, 4 * offset);
  }

  #uniform(gl: WebGL2RenderingContext, name: string): WebGLUniformLocation | null {
    return this.#program && gl.getUniformLocation(this.#program, name);
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("WebGL refuses a shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) ?? "WebGL refuses the vehicle program");
  }
  return program;
}
