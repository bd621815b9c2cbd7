import type { CalendarPreview } from "../api/types";
import type { Act } from "./acts";
import { Dated } from "./Dated";
import { readNotice } from "./notice";
import { codeIn, useSay } from "./words";

/** A year's notice, typed or pasted; its preview says which days would change. */
export const importOf = (year: number): Act => ({
  label: "calendar.import",
  path: "/calendar/import",
  permission: "calendar.write",
  fixed: { year },
  fields: [
    {
      name: "region_code",
      label: "organisations.region_code",
      kind: "text",
      hint: "calendar.import.region",
      max: 6,
    },
    { name: "source", label: "calendar.notice.source", kind: "text", needed: true },
    {
      name: "runs",
      label: "calendar.notice.runs",
      kind: "area",
      hint: "calendar.import.hint",
      max: 5000,
      needed: true,
    },
  ],
  shape: ({ runs, ...notice }) => ({ ...notice, ...readNotice(String(runs)) }),
  preview: {
    path: "/calendar/preview",
    show: (answer) => <Previewed preview={answer as CalendarPreview} />,
  },
});

function Previewed({ preview }: { preview: CalendarPreview }) {
  const say = useSay();
  return (
    <>
      <p role="status">
        {say("calendar.differences", {
          n: preview.differences.length,
          before: preview.workdays_before,
          after: preview.workdays_after,
        })}
      </p>
      <Dated
        title="history"
        items={preview.differences}
        keyOf={(one) => one.date}
        heads={["at", "calendar.before", "calendar.after"]}
        cells={[
          (one) => one.date,
          (one) => codeIn(say, "day", one.before.kind),
          (one) => `${codeIn(say, "day", one.after.kind)} ${one.after.name ?? ""}`,
        ]}
      />
    </>
  );
}
