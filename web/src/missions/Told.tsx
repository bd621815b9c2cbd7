import { Alert } from "antd";
import type { Entered } from "../api/types";
import { hasWord, wordOf } from "../i18n/words";
import { useSay } from "../register/words";

/** What came of what was sent: how many were made, and of each refused one why. */
export function Told({ entered }: { entered: Entered }) {
  const say = useSay();
  return (
    <Alert
      type={entered.refused.length > 0 ? "warning" : "success"}
      showIcon
      role="status"
      title={say("mobilisations.made", { n: entered.orders.length })}
      description={entered.refused.map(({ index, type, title, detail }) => (
        <p key={index}>
          {say("mobilisations.refused", { n: index + 1, why: refusalOf(type, detail ?? title) })}
        </p>
      ))}
    />
  );
}

function refusalOf(type: string, said: string): string {
  const code = type.split("/").pop() ?? "";
  return hasWord("error", code) ? wordOf("error", code) : said;
}
