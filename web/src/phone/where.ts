interface Place {
  latitude: number | null;
  longitude: number | null;
}

const UNKNOWN: Place = { latitude: null, longitude: null };
const PATIENCE_MS = 2_000;

/** Where the phone is (WGS-84), if it says so at once and was allowed to before; never asks. */
export async function whereAmI(): Promise<Place> {
  try {
    const permission = await navigator.permissions.query({ name: "geolocation" });
    if (permission.state !== "granted") return UNKNOWN;
    return await new Promise<Place>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
        () => resolve(UNKNOWN),
        { timeout: PATIENCE_MS, maximumAge: 30_000 },
      ),
    );
  } catch {
    return UNKNOWN; // Old web views have no permissions, and pages without TLS no position.
  }
}
