import { useWords } from "./words";

export interface Enrolment {
  secret: string;
  uri: string;
  qr_svg: string;
}

/** A secret for an authenticator app: to scan, and to type. */
export function QrCode({ enrolment }: { enrolment: Enrolment }) {
  const { w } = useWords();
  return (
    <>
      <img
        alt="QR"
        width={200}
        height={200}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(enrolment.qr_svg)}`}
      />
      <p>
        {w("enrol.key")} <code>{enrolment.secret}</code>
      </p>
    </>
  );
}

/** Recovery codes, shown once. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const { w } = useWords();
  return (
    <>
      <p>{w("recovery.lead")}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </>
  );
}
