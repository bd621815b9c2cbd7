import { type RefObject, useEffect, useState } from "react";
import { type TheMap, theMap } from "./theMap";
import "./place.css";

/** The session's map, standing in `place` while the caller is mounted. */
export function useTheMap(place: RefObject<HTMLElement | null>) {
  const [borrowed, setBorrowed] = useState<TheMap | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let element: HTMLElement | null = null;
    let gone = false;
    theMap().then(
      (made) => {
        if (gone || !place.current) return;
        element = made.element;
        place.current.append(element);
        made.map.resize();
        setBorrowed(made);
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
      element?.remove();
      setBorrowed(null);
    };
  }, [place]);

  return { borrowed, failed };
}
