import type { Standing } from "../live/messages";

/** How a standing looks, on the map and in its key: never by colour alone. */
export interface Look {
  colour: string;
  /** Number of the shape in the vehicle layer's shader. */
  shape: 0 | 1 | 2 | 3;
}

export const LOOKS: Record<Standing, Look> = {
  on_order: { colour: "#1a5fb4", shape: 1 },
  without_order: { colour: "#c64600", shape: 2 },
  available: { colour: "#1f7a5c", shape: 0 },
  silent: { colour: "#6b7280", shape: 3 },
};

/** `#1a5fb4` as three numbers 0..1. */
export function rgbOf(colour: string): [number, number, number] {
  const n = Number.parseInt(colour.slice(1), 16);
  return [((n >> 16) & 255) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}
