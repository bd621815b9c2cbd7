import { Input, InputNumber, Select, Switch } from "antd";
import type { Field } from "./acts";
import { Picker } from "./Picker";
import { PlacePicker } from "./PlacePicker";
import { codeIn, useSay } from "./words";

interface Props {
  field: Field;
  /** What the form's item gives its input: value, id and what to call when it changes. */
  [given: string]: unknown;
}

/** The input in which a person says a field's value. */
export function FieldInput({ field, ...given }: Props) {
  const say = useSay();
  switch (field.kind) {
    case "text":
      return <Input {...given} maxLength={field.max ?? 200} />;
    case "password":
      return <Input.Password {...given} autoComplete="current-password" maxLength={128} />;
    case "area":
      return <Input.TextArea {...given} rows={3} maxLength={field.max ?? 500} />;
    case "number":
      return (
        <InputNumber {...given} style={{ width: "100%" }} min={0} suffix={field.unit ?? null} />
      );
    case "yuan":
      return <InputNumber {...given} style={{ width: "100%" }} min={0} precision={2} />;
    case "date":
      return <Input {...given} type="date" />;
    case "instant":
      return <Input {...given} type="datetime-local" />;
    case "flag":
      return <Switch {...given} />;
    case "pick":
      return (
        <Picker
          {...given}
          from={field.from ?? ""}
          label={say(field.label)}
          many={field.many ?? false}
        />
      );
    case "place":
      return <PlacePicker {...given} label={say(field.label)} />;
    case "choice":
      return (
        <Select
          {...given}
          allowClear={!field.needed}
          {...(field.many ? { mode: "multiple" as const } : {})}
          options={
            field.options?.map((option) => ({ ...option })) ??
            (field.codes ?? []).map((code) => ({
              value: code,
              label: codeIn(say, field.family ?? field.name, code),
            }))
          }
        />
      );
  }
}
