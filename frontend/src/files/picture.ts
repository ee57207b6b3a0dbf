// Pictures before they leave: no larger than models look at, and without what a camera wrote into them.

/** What the largest vendors scale down to before a model sees it. */
const LONGEST_EDGE = 2048;
/** Of the vendors we know, the smallest limit; the server has the same. */
export const IMAGE_LIMIT_BYTES = 5 * 1024 * 1024;
/** A drawing stays a PNG, letter by letter; a photograph in that form would be heavy for nothing. */
const HEAVY_PNG_BYTES = 1.5 * 1024 * 1024;
const QUALITY = 0.88;
const POOR_QUALITY = 0.7;

export type Size = { width: number; height: number };

/** The same shape, with no edge longer than `longest`. */
export function fitted({ width, height }: Size, longest = LONGEST_EDGE): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The picture drawn anew, upright: place, time and camera are left behind. An animation stays as it came.
 * Throws what the browser says of a picture that it cannot read.
 */
export async function redrawn(file: Blob): Promise<Blob> {
  if (file.type === "image/gif") return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, fitted(bitmap));
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await smallest(canvas, file.type);
  } finally {
    bitmap.close();
  }
}

async function smallest(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  const drawn = await encoded(canvas, type === "image/jpeg" ? type : "image/png", QUALITY);
  if (drawn.type === "image/jpeg" ? drawn.size <= IMAGE_LIMIT_BYTES : drawn.size <= HEAVY_PNG_BYTES)
    return drawn;
  // A browser that cannot write WebP answers PNG, and keeps what was see-through as the others do.
  const webp = await encoded(canvas, "image/webp", QUALITY);
  if (webp.type === "image/webp" && webp.size <= IMAGE_LIMIT_BYTES) return webp;
  return encoded(canvas, "image/jpeg", POOR_QUALITY);
}

function encoded(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not encoded"))), type, quality);
  });
}

const ENDINGS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "image/gif": "gif",
};

/** The name with the ending that goes with what it has become. */
export function renamed(name: string, type: string): string {
  const ending = ENDINGS[type];
  const [, stem = name, old = ""] = /^(.+?)(?:\.(\w{1,5}))?$/.exec(name) ?? [];
  const isRight = !ending || old.toLowerCase() === ending || (ending === "jpg" && /^jpe?g$/i.test(old));
  return isRight ? name : `${stem}.${ending}`;
}
