/** A place that somebody asked about, as a page's address holds it. */
export interface Asked {
  latitude: number;
  longitude: number;
}

/** `43.30000,114.60000`. */
export const spellPlace = ({ latitude, longitude }: Asked): string =>
  `${latitude.toFixed(5)},${longitude.toFixed(5)}`;

/** The place that `spellPlace` wrote; null for anything else. */
export function readPlace(text: string): Asked | null {
  const found = /^(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)$/.exec(text);
  if (!found) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
