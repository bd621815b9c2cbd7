/** The one way to the server: same origin, cookie session, problem+json turned into `Problem`. */

import { BACKGROUND, isAttended } from "../session/activity";

const BASE = "/api/v1";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** A refusal in the server's own words (RFC 9457); `status` 0 means that nobody answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    title: string,
    readonly detail: string | null = null,
    /** Further members of the problem document, by their names. */
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail ?? title);
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

/** The address of an API resource, with the query's empty members left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : "");
}

interface Document {
  type?: string;
  title?: string;
  detail?: string;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Record<string, unknown> & Document;
    const type = (body.type ?? "").split("/").pop() ?? "";
    const title = body.title ?? response.statusText;
    return new Problem(response.status, type, title, body.detail, body);
  } catch {
    return new Problem(response.status, "", response.statusText);
  }
}

async function exchange<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = isAttended() ? {} : { [BACKGROUND]: "1" };
  const init: RequestInit = { method, credentials: "same-origin", headers };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body instanceof Blob) {
    init.body = body;
    headers["Content-Type"] = "application/octet-stream";
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new Problem(0, "offline", "offline");
  }
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export const read = <Answer>(path: string, query?: Query) =>
  exchange<Answer>("GET", address(path, query));

export const write = <Answer>(path: string, body: unknown = {}) =>
  exchange<Answer>("POST", address(path), body);

export const remove = (path: string) => exchange<void>("DELETE", address(path));

export const send = <Answer>(method: string, path: string, body: unknown) =>
  exchange<Answer>(method, address(path), body);

/** Send a file as the member `file` of a form. */
export function upload<Answer>(path: string, file: File): Promise<Answer> {
  const form = new FormData();
  form.set("file", file);
  return exchange<Answer>("POST", address(path), form);
}

/** Send a file's bytes as they are. */
export const put = <Answer>(path: string, file: Blob) =>
  exchange<Answer>("PUT", address(path), file);
