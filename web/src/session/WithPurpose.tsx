import { Button, Input, Select, Spin } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { known } from "../api/known";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { LOOKING_PURPOSES, type LookingPurpose, useBeginSitting, useSitting } from "./sitting";

/** Shows tracks once it is said why they are looked at; asks where it is not. */
export function WithPurpose({ children }: { children: ReactNode }) {
  const t = useT();
  const sitting = useSitting();
  const begun = known(sitting);
  if (sitting.isPending) return <Spin />;
  return (
    <>
      {sitting.error && <p className="quiet-text">{sentenceOf(t, sitting.error)}</p>}
      {begun && children}
      {begun === null && <PurposeForm />}
    </>
  );
}

function PurposeForm() {
  const t = useT();
  const begin = useBeginSitting();
  const [purpose, setPurpose] = useState<LookingPurpose>("supervision");
  const [reference, setReference] = useState("");
  const given = reference.trim();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    begin.mutate({ purpose, reference: given || null });
  }

  return (
    <form className="purpose-form" onSubmit={submit}>
      <p className="quiet-text">{t("sitting.why")}</p>
      <Select
        aria-label={t("sitting.purpose")}
        value={purpose}
        onChange={setPurpose}
        options={LOOKING_PURPOSES.map((value) => ({ value, label: t(`looking.${value}`) }))}
      />
      <Input
        aria-label={t("sitting.reference")}
        placeholder={t("sitting.reference")}
        value={reference}
        maxLength={100}
        onChange={(event) => setReference(event.target.value)}
      />
      <Button
        type="primary"
        htmlType="submit"
        loading={begin.isPending}
        disabled={purpose === "case" && !given}
      >
        {t("sitting.begin")}
      </Button>
      {begin.error && <p className="quiet-text">{sentenceOf(t, begin.error)}</p>}
    </form>
  );
}
