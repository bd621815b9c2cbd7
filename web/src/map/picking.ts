/** The index of the vehicle nearest to a point on the screen, or -1 if none is within reach. */
export function nearestWithin(
  points: readonly { x: number; y: number }[],
  at: { x: number; y: number },
  reach_px: number,
): number {
  let best = -1;
  let bestSquare = reach_px * reach_px;
  points.forEach((point, index) => {
    const square = (point.x - at.x) ** 2 + (point.y - at.y) ** 2;
    if (square <= bestSquare) {
      best = index;
      bestSquare = square;
    }
  });
  return best;
}

/** The indices of the labels that may stand, first come first served, none over another. */
export function withoutOverlap(
  points: readonly { x: number; y: number }[],
  size_px: { width: number; height: number },
): number[] {
  const kept: number[] = [];
  points.forEach((point, index) => {
    const free = kept.every((other) => {
      const taken = points[other];
      return (
        !taken ||
        Math.abs(taken.x - point.x) >= size_px.width ||
        Math.abs(taken.y - point.y) >= size_px.height
      );
    });
    if (free) kept.push(index);
  });
  return kept;
}
