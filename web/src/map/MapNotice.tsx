import { useT } from "../i18n/language";

interface Props {
  manifest: { attribution: string; notice: string } | null;
}

/** What must stand on the map: where it comes from, and that it was not reviewed. */
export function MapNotice({ manifest }: Props) {
  const t = useT();
  return (
    <div className="map-notice">
      {manifest ? `${t("notice.attribution")} · ${t("notice.map")}` : t("live.noMap")}
    </div>
  );
}
