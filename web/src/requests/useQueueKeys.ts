import { useEffect } from "react";
import { isTyping } from "../console/Keys";

/** Arrow keys walk a queue, whatever has the focus but a text field. */
export function useQueueKeys(ids: string[], picked: string, pick: (id: string) => void): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (!step) return;
      const next = ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(picked) + step))];
      if (!next) return;
      event.preventDefault();
      pick(next);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [ids, picked, pick]);
}
