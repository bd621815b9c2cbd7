import { Alert, Button } from "antd";
import type { ReactNode } from "react";
import { sentenceOf } from "../api/sentence";
import { useT } from "../i18n/console/words";

interface Props {
  list: { error: unknown; more: (() => void) | null; loadingMore: boolean };
  children: ReactNode;
}

/** What every list has around it: its failure said in words, and the rest of it on demand. */
export function Listing({ list, children }: Props) {
  const t = useT();
  return (
    <div className="listing">
      {list.error !== null && <Alert type="error" showIcon title={sentenceOf(t, list.error)} />}
      {children}
      {list.more && (
        <Button className="more" onClick={list.more} loading={list.loadingMore}>
          {t("common.more")}
        </Button>
      )}
    </div>
  );
}
