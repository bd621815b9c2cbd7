import { Problem } from "./client";

interface Answer<Data> {
  data: Data | undefined;
  error: unknown;
}

/** Refusals after which what was read before is no longer this person's to see. */
const NOT_THEIRS = new Set([401, 403, 404]);

/**
 * What is still to be shown of a query. A failure to read again, as by a lost network, takes away
 * nothing that was read before; a server that refuses it by now does. The failure is said beside it.
 */
export function known<Data>({ data, error }: Answer<Data>): Data | undefined {
  return error instanceof Problem && NOT_THEIRS.has(error.status) ? undefined : data;
}
