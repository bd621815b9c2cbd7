import { Alert, Button, Dropdown, Modal, Table } from "antd";
import { useRef, useState } from "react";
import { address, type Query, upload } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { ImportReport } from "../api/types";
import { useT } from "../i18n/console/words";
import { useLanguage } from "../i18n/language";
import { useSay } from "./words";

interface Props {
  list: string;
  query: Query;
}

/** A list out of the house as a sheet, and a sheet into the house: first tried, then taken whole. */
export function Exchange({ list, query }: Props) {
  const say = useSay();
  const chooser = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const link = (path: string, label: string, q: Query = {}) => ({
    key: path,
    label: <a href={address(`/exchange/${list}${path}`, q)}>{label}</a>,
  });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            link(".xlsx", say("exchange.xlsx"), query),
            link(".csv", say("exchange.csv"), query),
            link("/template.xlsx", say("exchange.template")),
            {
              key: "import",
              label: say("exchange.import"),
              onClick: () => chooser.current?.click(),
            },
          ],
        }}
      >
        <Button>{say("exchange")}</Button>
      </Dropdown>
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".xlsx,.csv"
        aria-label={say("exchange.import")}
        onChange={(event) => {
          setFile(event.target.files?.[0] ?? null);
          event.target.value = "";
        }}
      />
      {file && <ImportDialog list={list} file={file} onClose={() => setFile(null)} />}
    </>
  );
}

interface DialogProps {
  list: string;
  file: File;
  onClose: () => void;
}

function ImportDialog({ list, file, onClose }: DialogProps) {
  const t = useT();
  const say = useSay();
  const english = useLanguage() === "en";
  const [report, setReport] = useState<ImportReport | null>(null);
  const [taken, setTaken] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [pending, setPending] = useState(false);

  async function tell(step: "dry-run" | "import") {
    setPending(true);
    setError(null);
    try {
      setReport(await upload<ImportReport>(`/exchange/${list}/${step}`, file));
      setTaken(step === "import");
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  }

  const clean = report !== null && report.problem_count === 0;
  const next = taken
    ? { text: say("close"), act: onClose }
    : clean
      ? { text: say("exchange.take"), act: () => void tell("import") }
      : { text: say("exchange.try"), act: () => void tell("dry-run") };
  return (
    <Modal
      open
      width={760}
      title={file.name}
      okText={next.text}
      onOk={next.act}
      okButtonProps={{ loading: pending }}
      onCancel={onClose}
    >
      {error !== null && <Alert type="error" showIcon title={sentenceOf(t, error)} />}
      {report && (
        <Alert
          type={clean ? "success" : "warning"}
          showIcon
          title={say(taken ? "exchange.taken" : "exchange.counts", {
            rows: report.rows,
            add: report.add,
            change: report.change,
            same: report.unchanged,
            bad: report.problem_count,
          })}
        />
      )}
      {report && report.problems.length > 0 && (
        <Table
          size="small"
          rowKey={(row) => `${row.cell}${row.reason_en}`}
          pagination={{ pageSize: 10 }}
          dataSource={report.problems}
          columns={[
            { title: say("exchange.cell"), dataIndex: "cell", width: 80 },
            {
              title: say("reason"),
              render: (_, row) => (english ? row.reason_en : row.reason_zh),
            },
          ]}
        />
      )}
    </Modal>
  );
}
