let drop: (() => void) | null = null;

/** Told by the map's chunk when it has loaded, so that the shell need not load it to drop it. */
export function onDrop(act: () => void): void {
  drop = act;
}

/** Take down the session's map if one was made. */
export function dropMapIfAny(): void {
  drop?.();
}
