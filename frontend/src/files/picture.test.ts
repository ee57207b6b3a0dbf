import { expect, test } from "vitest";
import { fitted, renamed } from "./picture";

test("a picture keeps its shape and grows never", () => {
  expect(fitted({ width: 4000, height: 3000 })).toEqual({ width: 2048, height: 1536 });
  expect(fitted({ width: 1000, height: 5000 })).toEqual({ width: 410, height: 2048 });
  expect(fitted({ width: 640, height: 480 })).toEqual({ width: 640, height: 480 });
  expect(fitted({ width: 90_000, height: 1 })).toEqual({ width: 2048, height: 1 });
});

test("a name gets the ending of what the picture has become", () => {
  expect(renamed("cat.png", "image/png")).toBe("cat.png");
  expect(renamed("cat.jpeg", "image/jpeg")).toBe("cat.jpeg");
  expect(renamed("cat.bmp", "image/png")).toBe("cat.png");
  expect(renamed("cat", "image/webp")).toBe("cat.webp");
  expect(renamed("archive.tar.png", "image/jpeg")).toBe("archive.tar.jpg");
});
