// A chosen file as a picture that fits into a message.

const MOST_LETTERS = 180_000;
const LONGEST_SIDE = 1280;
const SHRINK = 0.75;

/** A `data:` URL, made smaller until it fits. Throws where the file is no picture. */
export async function pictureOf(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  let scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  for (;;) {
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const url = canvas.toDataURL(file.type === "image/png" ? "image/png" : "image/jpeg", 0.85);
    if (url.length <= MOST_LETTERS) return url;
    scale *= SHRINK;
  }
}
