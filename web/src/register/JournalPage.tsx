import { useQuery } from "@tanstack/react-query";
import { Alert, Tag, Tooltip, Typography } from "antd";
import { read } from "../api/client";
import type { JournalEntry, JournalRoot } from "../api/types";
import { listed } from "../i18n/console/phrases";
import { wordOf } from "../i18n/words";
import { momentOf } from "../time/format";
import { RegisterPage } from "./RegisterPage";
import { useSay } from "./words";

/** Who did what to what: every entry sealed, and the root that a third party keeps. */
export default function JournalPage() {
  const say = useSay();
  return (
    <RegisterPage<JournalEntry>
      title="journal"
      note="journal.note"
      path="/journal"
      above={<Root />}
      filters={[
        { name: "action", label: "journal.action", kind: "search" },
        { name: "start", label: "start", kind: "from" },
        { name: "end", label: "end", kind: "until" },
      ]}
      columns={[
        { title: "at", show: (one) => momentOf(one.at), width: 130 },
        { title: "person", show: (one) => one.actor?.name ?? one.actor_name ?? "—", width: 130 },
        {
          title: "roles",
          show: (one) => listed((one.roles ?? []).map((role) => wordOf("role", role))) || "—",
          width: 150,
        },
        {
          title: "journal.action",
          show: (one) => (one.is_withheld ? say("journal.withheld") : (one.action ?? "—")),
          width: 190,
        },
        { title: "organisation", show: (one) => one.organisation?.name ?? "—" },
        { title: "journal.after", show: (one) => <Change entry={one} /> },
        { title: "reason", show: (one) => one.reason ?? one.purpose ?? "—", width: 150 },
        { title: "journal.address", show: (one) => one.address ?? "—", width: 120 },
        { title: "journal.seal", show: (one) => <Seal entry={one} />, width: 110 },
      ]}
    />
  );
}

function Root() {
  const say = useSay();
  const { data } = useQuery({
    queryKey: ["/journal/root"],
    queryFn: () => read<JournalRoot>("/journal/root"),
    retry: false,
  });
  if (!data) return null;
  return (
    <Alert
      type="info"
      title={
        <>
          {say("journal.root")}: {data.n} ·{" "}
          <Typography.Text code copyable>
            {data.head}
          </Typography.Text>{" "}
          · {data.algorithm} · {momentOf(data.sealed_at)}
        </>
      }
    />
  );
}

function Change({ entry }: { entry: JournalEntry }) {
  const say = useSay();
  if (entry.erased_by) return <em>{say("journal.erased")}</em>;
  const text = (values: unknown) => (values ? JSON.stringify(values, null, 1) : "—");
  return (
    <Tooltip
      styles={{ root: { maxWidth: 560 } }}
      title={
        <pre>
          {say("journal.before")}: {text(entry.before)}
          {"\n"}
          {say("journal.after")}: {text(entry.after)}
        </pre>
      }
    >
      <span>{entry.after ? JSON.stringify(entry.after) : "—"}</span>
    </Tooltip>
  );
}

function Seal({ entry }: { entry: JournalEntry }) {
  const say = useSay();
  if (!entry.seal) return <Tag>{say("journal.unsealed")}</Tag>;
  return (
    <Tooltip title={`${entry.seal.algorithm} ${entry.seal.digest}`}>
      <code>
        {entry.seal.n} · {entry.seal.digest.slice(0, 6)}
      </code>
    </Tooltip>
  );
}
