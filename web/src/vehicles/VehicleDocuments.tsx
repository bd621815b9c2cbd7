import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { address, put } from "../api/client";
import { sentenceOf } from "../api/sentence";
import type { VehicleDocument } from "../api/types";
import { useList } from "../console/useList";
import { useT } from "../i18n/console/words";
import { ActButton } from "../register/ActButton";
import type { Act } from "../register/acts";
import { Dated } from "../register/Dated";
import { codeIn, useSay } from "../register/words";
import { may, useSession } from "../session/session";
import { dayOf } from "../time/format";
import { addDocumentOf } from "./vehicleActs";

/** Documents with their expiry and files, and photos as pictures. */
export function VehicleDocuments({ vehicleId }: { vehicleId: string }) {
  const t = useT();
  const say = useSay();
  const documents = useList<VehicleDocument>(`/vehicles/${vehicleId}/documents`, {});
  const photos = documents.items.filter((one) => one.media_type?.startsWith("image/"));
  return (
    <>
      <div className="acts">
        <ActButton act={addDocumentOf(vehicleId)} />
      </div>
      <Dated
        title="vehicle.documents"
        items={documents.items}
        keyOf={(one) => one.id}
        heads={[
          "kind",
          "documents.title",
          "documents.number",
          "documents.expires",
          "documents.file",
          "state",
        ]}
        cells={[
          (one) => codeIn(say, "document", one.kind),
          (one) => one.title,
          (one) => one.number ?? "—",
          (one) => <Expiry day={one.expires_on} />,
          (one) => <Content document={one} />,
          (one) => <ActButton act={removalOf(one.id)} />,
        ]}
      />
      {documents.more && <Button onClick={documents.more}>{t("common.more")}</Button>}
      <div className="photos">
        {photos.map((one) => (
          <img key={one.id} src={address(`/documents/${one.id}/content`)} alt={one.title} />
        ))}
      </div>
    </>
  );
}

const removalOf = (id: string): Act => ({
  label: "documents.remove",
  method: "DELETE",
  path: `/documents/${id}`,
  permission: "vehicle.write",
  danger: true,
  fields: [],
});

function Expiry({ day }: { day: string | null }) {
  const say = useSay();
  if (!day) return "—";
  return day < dayOf(Date.now()) ? (
    <strong>
      {day} {say("documents.expired")}
    </strong>
  ) : (
    day
  );
}

/** The file of a document: a way to read it, or to bring it once. */
function Content({ document }: { document: VehicleDocument }) {
  const t = useT();
  const say = useSay();
  const client = useQueryClient();
  const session = useSession().data;
  const [error, setError] = useState<unknown>(null);
  const path = `/documents/${document.id}/content`;
  if (document.media_type) return <a href={address(path)}>{say("documents.download")}</a>;
  if (!session || !may(session, "vehicle.write")) return "—";

  async function bring(file: File | undefined) {
    if (!file) return;
    try {
      await put(path, file);
      await client.invalidateQueries();
    } catch (refusal) {
      setError(refusal);
    }
  }

  return (
    <label className="bring" title={say("documents.upload.hint")}>
      {say("documents.upload")}
      <input
        type="file"
        accept="image/jpeg,image/png,application/pdf"
        onChange={(event) => void bring(event.target.files?.[0])}
      />
      {error !== null && <Alert type="error" title={sentenceOf(t, error)} />}
    </label>
  );
}
