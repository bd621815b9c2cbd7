import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Modal } from "antd";
import { useState } from "react";
import { type Problem, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { Entered } from "../api/types";
import { useT } from "../i18n/console/words";
import { FieldInput } from "../register/FieldInput";
import { Picker } from "../register/Picker";
import { useSay } from "../register/words";
import { may, useSession } from "../session/session";
import { instantOf } from "../time/format";
import { drivesOf, MOST_DRIVES, type Row, refusedOf, rowAfter } from "./drives";
import { DRIVE, FIRST_DRIVE } from "./mobilisationActs";
import { Told } from "./Told";
import "./backEntries.css";

interface Props {
  mobilisation: string;
  onEntered: (entered: Entered) => void;
}

interface Filled {
  organisation_id?: string;
  drives: Row[];
}

/** Enters drives that began without an order, as rows sent at once; refused ones stay as rows. */
export function BackEntries({ mobilisation, onEntered }: Props) {
  const say = useSay();
  const session = useSession().data;
  const [open, setOpen] = useState(false);
  if (!session || !may(session, "order.assign")) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {say("mobilisations.enter")}
      </Button>
      {open && (
        <Rows mobilisation={mobilisation} onEntered={onEntered} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

function Rows({ mobilisation, onEntered, onClose }: Props & { onClose: () => void }) {
  const t = useT();
  const say = useSay();
  const client = useQueryClient();
  const [form] = Form.useForm<Filled>();
  const [refused, setRefused] = useState<Entered | null>(null);
  const enter = useMutation<Entered, Problem, Filled>({
    mutationFn: ({ organisation_id, drives }) =>
      write(`/mobilisations/${mobilisation}/back-entries`, {
        ...(organisation_id ? { organisation_id } : {}),
        drives: drivesOf(DRIVE, drives, instantOf),
      }),
    onSuccess: (entered, { drives }) => {
      onEntered(entered);
      if (entered.refused.length === 0) return onClose();
      form.setFieldValue("drives", refusedOf(drives, entered.refused));
      setRefused({
        ...entered,
        refused: entered.refused.map((one, index) => ({ ...one, index })),
      });
    },
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Modal
      open
      width={1080}
      title={say("mobilisations.enter")}
      okText={say("mobilisations.enter")}
      okButtonProps={{ loading: enter.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      {enter.error && <Alert type="error" showIcon title={sentenceOf(t, enter.error)} />}
      {refused && <Told entered={refused} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ drives: [FIRST_DRIVE] }}
        onFinish={(filled) => enter.mutate(filled)}
      >
        <Form.Item name="organisation_id" label={say("mobilisations.unit")}>
          <Picker from="/organisations" label={say("mobilisations.unit")} />
        </Form.Item>
        <Form.List name="drives">
          {(rows, { add, remove }) => (
            <>
              {rows.map((row, n) => (
                <fieldset key={row.key} className="drive">
                  <legend>{say("mobilisations.drive", { n: n + 1 })}</legend>
                  {DRIVE.map((field) => (
                    <Form.Item
                      key={field.name}
                      name={[row.name, field.name]}
                      label={say(field.label)}
                      rules={[{ required: field.needed ?? false, message: say("needed") }]}
                    >
                      <FieldInput field={field} />
                    </Form.Item>
                  ))}
                  {rows.length > 1 && (
                    <Button
                      size="small"
                      aria-label={say("mobilisations.drive.remove", { n: n + 1 })}
                      onClick={() => remove(row.name)}
                    >
                      ✕
                    </Button>
                  )}
                </fieldset>
              ))}
              <Button
                disabled={rows.length >= MOST_DRIVES}
                onClick={() => add(rowAfter(form.getFieldValue("drives").at(-1)))}
              >
                {say("mobilisations.drive.add")}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
    </Modal>
  );
}
