import Link from "@mui/material/Link";
import { type ReactNode, useState } from "react";
import { t } from "../i18n/t";
import { useCited } from "./cited";
import { safeAddress } from "./safety";

/** Out of Parley, in a new tab that knows nothing of us. The whole address shows before anybody follows it. */
export function OutwardLink({ address, children }: { address: string; children: ReactNode }) {
  const safe = safeAddress(address);
  if (!safe) return <>{children}</>;
  return (
    <Link href={safe} title={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </Link>
  );
}

/** `[words][name]`, where the address stands elsewhere in the text. */
export function NamedLink({ name, children }: { name: string; children: ReactNode }) {
  return <OutwardLink address={useCited().links.get(name) ?? ""}>{children}</OutwardLink>;
}

export function NamedPicture({ name, alt }: { name: string; alt: string }) {
  return <Picture address={useCited().links.get(name) ?? ""} alt={alt} />;
}

/** A picture from elsewhere is not loaded: that would tell a stranger's server that, when and from where this is read. */
export function Picture({ address, alt }: { address: string; alt: string }) {
  const [isShown, setShown] = useState(false);
  const name = t("markdown.image", { name: alt || t("markdown.noName") });
  const safe = safeAddress(address);
  if (!safe) return <>{name}</>;
  if (isShown) return <OutwardLink address={safe}>{`${name} (${safe})`}</OutwardLink>;
  return (
    <button
      type="button"
      className="hidden-picture"
      title={t("markdown.imageHint")}
      onClick={() => setShown(true)}
    >
      {name}
    </button>
  );
}
