// A picture for a bot: made small in the browser, then kept as one of the person's files.

import { cookie } from "../api/client";
import { Problem, problemFrom } from "../api/problem";
import type { Id } from "../api/types";
import { t } from "../i18n/t";

const SIDE = 256;

/** The middle of the picture, as a square. Throws `Problem` for what is no picture, and what the server says. */
export async function uploadPicture(file: File): Promise<Id> {
  const body = await squareOf(file);
  const response = await fetch("/api/v1/files?name=avatar.webp", {
    method: "POST",
    headers: { "Content-Type": body.type, "X-CSRFToken": cookie("csrftoken") },
    credentials: "same-origin",
    body,
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok)
    throw problemFrom(response.status, answer, t("error.status", { status: response.status }));
  // The cast is the border: the shape is the server's promise.
  return (answer as { id: Id }).id;
}

async function squareOf(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Problem(t("bots.noPicture"), { status: 422, code: "invalid" });
  });
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.9));
  if (!blob) throw new Problem(t("bots.noPicture"), { status: 422, code: "invalid" });
  return blob;
}
