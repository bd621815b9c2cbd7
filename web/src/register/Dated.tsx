import type { ReactNode } from "react";
import { Sideways } from "../console/Sideways";
import { useSay } from "./words";
import type { Word } from "./zh";

interface Props<Item> {
  title: Word;
  items: readonly Item[] | undefined;
  keyOf: (item: Item) => string;
  cells: ((item: Item) => ReactNode)[];
  heads?: readonly Word[];
}

/** A small table under a heading, inside an entry's drawer; nothing at all when it is empty. */
export function Dated<Item>({ title, items, keyOf, cells, heads }: Props<Item>) {
  const say = useSay();
  if (!items || items.length === 0) return null;
  return (
    <>
      <h2>{say(title)}</h2>
      <Sideways label={say(title)}>
        <table className="dated">
          {heads && (
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head}>{say(head)}</th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {items.map((item) => (
              <tr key={keyOf(item)}>
                {cells.map((cell, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
                  <td key={n}>{cell(item)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </>
  );
}
