import { useState } from "react";
import type { KnownPlace, Place } from "../api/types";
import { useT } from "../i18n/language";

const MOST = 6;

interface Props {
  label: string;
  places: KnownPlace[];
  value: Place | null;
  /** Whether the search lies open from the start. */
  startsOpen?: boolean;
  onChange: (place: Place | null) => void;
}

/** A place of the register, found by part of its name. */
export function PlaceField({ label, places, value, startsOpen = false, onChange }: Props) {
  const t = useT();
  const [open, setOpen] = useState(startsOpen);
  const [text, setText] = useState("");
  if (!open) {
    return (
      <button
        type="button"
        className={value ? "place" : "place unset"}
        onClick={() => {
          setText("");
          setOpen(true);
        }}
      >
        <span>{label}</span>
        <strong>{value?.name ?? t("phone.place.choose")}</strong>
      </button>
    );
  }
  const found = places.filter((place) => place.name.includes(text.trim())).slice(0, MOST);
  return (
    <div className="place-search">
      <label>
        {label}
        <input
          type="search"
          value={text}
          placeholder={t("phone.place.find")}
          // biome-ignore lint/a11y/noAutofocus: the person has just tapped to search
          autoFocus
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {found.map((place) => (
        <button
          type="button"
          key={place.id}
          onClick={() => {
            onChange(place);
            setOpen(false);
          }}
        >
          {place.name}
        </button>
      ))}
      {found.length === 0 && <p className="empty">{t("phone.place.none")}</p>}
    </div>
  );
}
