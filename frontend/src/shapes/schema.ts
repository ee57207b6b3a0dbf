// What a JSON schema says for the eyes: names, hints and the order of fields. Nothing is judged here.

export type Schema = { readonly [keyword: string]: unknown };

const DEEPEST = 8;

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Follows references inside the document, and of alternatives takes the first that is not just null. */
export function resolved(schema: unknown, root: Schema, depth = 0): Schema {
  if (!isSchema(schema) || depth > DEEPEST) return {};
  const reference = textOf(schema.$ref);
  if (reference.startsWith("#"))
    return { ...resolved(pointed(root, reference), root, depth + 1), ...rest(schema) };
  const ways = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(ways)) return schema;
  const way = ways.find((one) => isSchema(one) && one.type !== "null");
  return { ...resolved(way, root, depth + 1), ...rest(schema) };
}

function rest({ $ref, anyOf, oneOf, ...others }: Schema): Schema {
  return others;
}

function pointed(root: Schema, reference: string): unknown {
  const steps = reference.slice(1).split("/").filter(Boolean);
  return steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    return isSchema(at) ? at[name] : undefined;
  }, root);
}

export function fieldOf(schema: Schema, name: string, root: Schema): Schema {
  const fields = isSchema(schema.properties) ? schema.properties : {};
  return resolved(fields[name] ?? schema.additionalProperties, root);
}

export function itemOf(schema: Schema, root: Schema): Schema {
  return resolved(schema.items, root);
}

/** The title that the schema gives, or the name as people write: `first_name` is "First name". */
export function labelOf(schema: Schema, name: string): string {
  const title = textOf(schema.title);
  if (title) return title;
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim();
  return words ? words[0]?.toLocaleUpperCase() + words.slice(1) : name;
}

export function hintOf(schema: Schema): string {
  return textOf(schema.description);
}

/** The fields of some objects of one kind: first in the order of the schema, then what else is there. */
export function fieldNames(schema: Schema, values: readonly object[]): string[] {
  const ordered = isSchema(schema.properties) ? Object.keys(schema.properties) : [];
  const there = new Set(values.flatMap((value) => Object.keys(value)));
  return [...ordered.filter((name) => there.delete(name)), ...there];
}
