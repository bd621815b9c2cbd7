import type { ReactNode } from "react";
import type { Permission } from "../api/types";
import type { Word } from "./zh";

/** What one member of a body is, and how a person says it. */
export interface Field {
  /** The member's name; a dot leads into a member of a member. */
  name: string;
  label: Word;
  kind:
    | "text"
    | "area"
    | "number"
    | "yuan"
    | "date"
    | "instant"
    | "choice"
    | "flag"
    | "pick"
    | "place"
    | "password";
  needed?: boolean;
  /** The code names of a choice, and the family of their labels. */
  codes?: readonly string[];
  family?: string;
  /** The options of a choice between objects, instead of codes. */
  options?: readonly { value: string; label: string }[];
  many?: boolean;
  /** The list that a pick chooses from, searched by `q`. */
  from?: string;
  hint?: Word;
  /** What a number counts. */
  unit?: string;
  /** How many characters a text may have, where that isn't the usual. */
  max?: number;
  /** What it is now; in a change (PATCH) one that is emptied is sent as null. */
  initial?: unknown;
  /** The member that this flag removes, where its value is not shown and can't be emptied. */
  clears?: string;
}

/** Something that may be done: one request to the server, filled in by a person. */
export interface Act {
  label: Word;
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  permission?: Permission;
  fields: readonly Field[];
  /** Members that the page knows by itself. */
  fixed?: Record<string, unknown>;
  /** Wraps the members in what the route wants where that is more than an object. */
  shape?: (body: Record<string, unknown>) => unknown;
  danger?: boolean;
  /** Where the same body only tells what it would do, and how the answer is shown. */
  preview?: { path: string; show: (answer: unknown) => ReactNode };
}

type Filled = Record<string, unknown>;
type ToInstant = (wallTime: string) => string;

/** The body of a request from what was filled in; empty members are left out. */
export function bodyOf(fields: readonly Field[], filled: Filled, toInstant: ToInstant): Filled {
  const body: Filled = {};
  for (const field of fields) {
    const value = memberOf(field, filled[field.name], toInstant);
    if (value !== undefined) put(body, field.name.split("."), value);
  }
  return body;
}

/** The body of a change: what differs from before, and null for what was emptied. */
export function changesOf(fields: readonly Field[], filled: Filled, toInstant: ToInstant): Filled {
  const body: Filled = {};
  for (const field of fields) {
    const now = filled[field.name];
    if (field.clears) {
      if (now) put(body, field.clears.split("."), null);
    } else if (!isSame(now, field.initial)) {
      put(body, field.name.split("."), memberOf(field, now, toInstant) ?? null);
    }
  }
  return body;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

const isSame = (one: unknown, other: unknown): boolean =>
  (isEmpty(one) && isEmpty(other)) || JSON.stringify(one) === JSON.stringify(other);

function memberOf(field: Field, value: unknown, toInstant: ToInstant): unknown {
  if (isEmpty(value)) return undefined;
  if (field.kind === "instant") return toInstant(String(value));
  if (field.kind === "yuan") return Math.round(Number(value) * 100);
  return typeof value === "string" ? value.trim() : value;
}

function put(body: Filled, path: string[], value: unknown): void {
  const [first = "", ...rest] = path;
  if (rest.length === 0) {
    body[first] = value;
    return;
  }
  const inner = (body[first] ?? {}) as Filled;
  body[first] = inner;
  put(inner, rest, value);
}
