import { Modal } from "antd";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import type { Key } from "../i18n/console/words";
import { useT } from "../i18n/console/words";
import type { PageEntry } from "./pages";

const SHEET: [string, Key][] = [
  ["/", "keys.search"],
  ["↑ ↓", "keys.move"],
  ["Enter", "keys.assign"],
  ["2–9", "keys.choose"],
  ["Z", "keys.undo"],
  ["N", "keys.nearest"],
  ["Esc", "keys.escape"],
  ["Alt 1–8", "keys.goto"],
  ["?", "keys.help"],
];

/** True while somebody types: single keys are text then. */
export function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement | null;
  return at !== null && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
}

/** The keys that work on every page, and the sheet that tells of them. */
export function Keys({ pages }: { pages: PageEntry[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [, navigate] = useLocation();

  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const page = event.altKey ? pages[Number(event.key) - 1] : undefined;
      if (page) {
        event.preventDefault();
        navigate(page.path);
      } else if (isTyping(event) || event.ctrlKey || event.metaKey) {
        return;
      } else if (event.key === "?") {
        setOpen(true);
      } else if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("input[data-search]")?.focus();
      }
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [pages, navigate]);

  return (
    <Modal open={open} title={t("keys.title")} footer={null} onCancel={() => setOpen(false)}>
      <dl className="keys">
        {SHEET.map(([key, label]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
