import { afterEach, beforeEach, expect, test } from "vitest";
import { chosenLocale, directionOf, keepLocale, LOCALES, openLocale, workspaceLocale } from "./locale";
import { t, type Words } from "./t";

const files = import.meta.glob<Words>("./locales/*.json", { eager: true, import: "default" });
const english = files["./locales/en.json"] ?? {};
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

beforeEach(() => window.localStorage.clear());
afterEach(async () => {
  await openLocale("en");
});

const base = (words: Words) => [...new Set(Object.keys(words).map((key) => key.replace(PLURAL, "")))].sort();
const placeholders = (text = "") => [...new Set(text.match(/\{\w+\}/g))].sort();

test("each language that is offered has its file, and each file is offered", () => {
  expect(Object.keys(files).sort()).toEqual(
    Object.keys(LOCALES)
      .map((name) => `./locales/${name}.json`)
      .sort(),
  );
});

test.each(Object.entries(files))("%s says everything, and fills in what English fills in", (_name, words) => {
  expect(base(words)).toEqual(base(english));
  const wrong = Object.entries(words).filter(([key, text]) => {
    // "One day" may do without its number.
    if (PLURAL.test(key) && !key.endsWith("_other")) return text === "";
    return text === "" || placeholders(text).join() !== placeholders(english[key]).join();
  });
  expect(wrong).toEqual([]);
});

test("what depends on a number has its last resort in every language", () => {
  for (const words of Object.values(files)) {
    const counted = Object.keys(words).filter((key) => PLURAL.test(key));
    for (const key of counted) expect(words[key.replace(PLURAL, "_other")]).toBeTruthy();
  }
});

test("a number chooses the form that the language has for it", async () => {
  expect(t("share.days", { count: 1 })).toBe("after 1 day");
  expect(t("share.days", { count: 2 })).toBe("after 2 days");
  await openLocale("ar");
  expect(t("share.days", { count: 2 })).toBe("بعد يومين");
  expect(t("share.days", { count: 3 })).toBe("بعد 3 أيام");
  await openLocale("ja");
  expect(t("share.days", { count: 1 })).toBe("1 日後");
});

test("a language turns the page when it is read from the right", async () => {
  await openLocale("ar");
  expect([document.documentElement.lang, document.documentElement.dir]).toEqual(["ar", "rtl"]);
  expect(directionOf("de")).toBe("ltr");
});

test("the first of the browser's languages that we know is spoken, until somebody chooses", () => {
  expect(chosenLocale(["nl-NL", "de-AT", "fr"])).toBe("de");
  expect(chosenLocale(["nl"])).toBe("en");
  keepLocale("ja");
  expect(chosenLocale(["de"])).toBe("ja");
});

test("what a workspace speaks comes before the browser's languages, and after one's own choice", () => {
  expect(workspaceLocale("fr")).toBe("fr");
  expect(chosenLocale(["de"])).toBe("fr");
  keepLocale("ja");
  expect(workspaceLocale("fr")).toBeUndefined();
  expect(chosenLocale(["de"])).toBe("ja");
  window.localStorage.clear();
  workspaceLocale("fr");
  workspaceLocale("");
  expect(chosenLocale(["de"])).toBe("de");
});
