import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { send, write } from "../api/client";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";
import { instantOf } from "../time/format";
import { type Act, bodyOf, changesOf, type Field } from "./acts";
import { FieldInput } from "./FieldInput";
import { UnreadLine } from "./notice";
import { useSay } from "./words";

interface Props {
  act: Act;
  onDone: (answer: unknown) => void;
  onClose: () => void;
}

/** A form that is one request: its fields as declared, the refusal in the server's words. */
export function ActDialog({ act, onDone, onClose }: Props) {
  const t = useT();
  const say = useSay();
  const client = useQueryClient();
  const [form] = Form.useForm<Record<string, unknown>>();
  const [error, setError] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  const told = (refusal: unknown) =>
    refusal instanceof UnreadLine
      ? say("calendar.unread", { n: refusal.number, line: refusal.line })
      : sentenceOf(t, refusal);
  const [previewed, setPreviewed] = useState<ReactNode>(null);

  async function tell(step: (body: unknown) => Promise<void>, filled: Record<string, unknown>) {
    setPending(true);
    setError(null);
    try {
      const read = act.method === "PATCH" ? changesOf : bodyOf;
      const body = { ...act.fixed, ...read(act.fields, filled, instantOf) };
      await step(act.shape ? act.shape(body) : body);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  }

  async function submit(body: unknown) {
    const answer = await send<unknown>(act.method ?? "POST", act.path, body);
    await client.invalidateQueries();
    onDone(answer);
  }

  async function preview({ path, show }: NonNullable<Act["preview"]>) {
    const filled = await form.validateFields().catch(() => null);
    if (filled) await tell(async (body) => setPreviewed(show(await write(path, body))), filled);
  }

  return (
    <Modal
      open
      title={say(act.label)}
      okText={say(act.label)}
      okButtonProps={{ danger: act.danger ?? false, loading: pending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      {error !== null && <Alert type="error" showIcon title={told(error)} />}
      <Form
        form={form}
        layout="vertical"
        onFinish={(filled) => void tell(submit, filled)}
        initialValues={initials(act.fields)}
      >
        {act.fields.map((field) => (
          <Form.Item
            key={field.name}
            // A name with a dot is one name here; the body is shaped from it afterwards.
            name={[field.name]}
            label={say(field.label)}
            extra={field.hint && say(field.hint)}
            valuePropName={field.kind === "flag" ? "checked" : "value"}
            rules={[{ required: field.needed ?? false, message: say("needed") }]}
          >
            <FieldInput field={field} />
          </Form.Item>
        ))}
      </Form>
      {act.preview && (
        <Button loading={pending} onClick={() => act.preview && void preview(act.preview)}>
          {say("preview")}
        </Button>
      )}
      {previewed}
    </Modal>
  );
}

const initials = (fields: readonly Field[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field.name, field.initial]));
