import { type Query, read } from "./client";
import type { Page } from "./types";

const MOST = 200;

/** Every item of a paged list: for figures, which would be wrong of a part. */
export async function readAll<Item>(path: string, query: Query): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read<Page<Item>>(path, { ...query, limit: MOST, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}
