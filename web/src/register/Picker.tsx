import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import type { Page } from "../api/types";
import { useSettled } from "../console/useSettled";

interface Item {
  id: string;
  name?: string;
  plate?: string;
  phone?: string;
  unit?: { name: string };
  parent?: { name: string } | null;
}

interface Props {
  /** A list of the API that is searched by `q`. */
  from: string;
  label: string;
  many?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  value?: string | string[];
  onChange?: (value: string | string[]) => void;
}

/** Chooses an object of a list by typing a part of its name. */
export function Picker({ from, label, many = false, value, onChange, ...more }: Props) {
  const [text, setText] = useState("");
  const q = useSettled(text, 250);
  const [path = from, query = ""] = from.split("?");
  const found = useQuery({
    queryKey: [from, "pick", q],
    queryFn: () =>
      read<Page<Item>>(path, { ...Object.fromEntries(new URLSearchParams(query)), q, limit: 30 }),
    placeholderData: (before) => before,
  });
  return (
    <Select
      {...more}
      showSearch
      style={{ width: "100%" }}
      allowClear
      filterOption={false}
      {...(many ? { mode: "multiple" as const } : {})}
      aria-label={label}
      {...(value === undefined ? {} : { value })}
      loading={found.isFetching}
      onSearch={setText}
      onChange={(next: string | string[]) => onChange?.(next)}
      options={(found.data?.items ?? []).map((item) => ({ value: item.id, label: nameOf(item) }))}
    />
  );
}

function nameOf(item: Item): string {
  const place = item.unit?.name ?? item.parent?.name;
  const name = item.plate ?? item.name ?? item.phone ?? item.id;
  return place ? `${name} · ${place}` : name;
}
