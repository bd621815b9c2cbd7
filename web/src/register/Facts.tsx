import type { ReactNode } from "react";
import { useSay } from "./words";
import type { Word } from "./zh";

export type Fact = readonly [Word, ReactNode];

/** What is known of an object, by label; what isn't known is a dash. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const say = useSay();
  return (
    <dl className="facts two">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{say(label)}</dt>
          <dd>{value ?? "—"}</dd>
        </div>
      ))}
    </dl>
  );
}
