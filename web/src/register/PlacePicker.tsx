import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { read } from "../api/client";
import type { KnownPlace, Page, Place } from "../api/types";
import { useSettled } from "../console/useSettled";

interface Props {
  label: string;
  value?: Place;
  onChange?: (place: Place | undefined) => void;
}

/** Chooses a known place by typing a part of its name; its value is where it is. */
export function PlacePicker({ label, value, onChange }: Props) {
  const [text, setText] = useState("");
  const q = useSettled(text, 250);
  const found = useQuery({
    queryKey: ["/places", "pick", q],
    queryFn: () => read<Page<KnownPlace>>("/places", { q, limit: 30 }),
    placeholderData: (before) => before,
  });
  const places = found.data?.items ?? [];
  return (
    <Select
      showSearch
      allowClear
      filterOption={false}
      style={{ width: "100%" }}
      aria-label={label}
      {...(value ? { value: value.name } : {})}
      loading={found.isFetching}
      onSearch={setText}
      onChange={(id: string | undefined) => onChange?.(waypointOf(places, id))}
      options={places.map((place) => ({ value: place.id, label: place.name }))}
    />
  );
}

function waypointOf(places: readonly KnownPlace[], id: string | undefined): Place | undefined {
  const place = places.find((one) => one.id === id);
  return place && { name: place.name, latitude: place.latitude, longitude: place.longitude };
}
