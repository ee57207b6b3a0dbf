import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { type ReactNode, useState } from "react";
import { Fold } from "../conversation/Fold";
import { t } from "../i18n/t";
import { radius } from "../theme";
import { fieldNames, fieldOf, hintOf, itemOf, labelOf, type Schema } from "./schema";

type Props = { value: unknown; schema: Schema; root: Schema };
type Fields = { readonly [name: string]: unknown };

/** So many rows at first; more on request. */
const ROWS = 50;

/** Any JSON value: objects as labelled fields, lists of objects as a table, the rest as words. */
export function ShapedValue({ value, schema, root, isInner = false }: Props & { isInner?: boolean }) {
  if (Array.isArray(value)) return <Items values={value} schema={itemOf(schema, root)} root={root} />;
  if (isFields(value)) return <Form value={value} schema={schema} root={root} isInner={isInner} />;
  return <Words value={value} />;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

type FormProps = { value: Fields; schema: Schema; root: Schema; isInner: boolean };

function Form({ value, schema, root, isInner }: FormProps) {
  const names = fieldNames(schema, [value]);
  if (!names.length) return <Nothing />;
  return (
    <Box component="dl" sx={form}>
      {names.map((name) => {
        const field = fieldOf(schema, name, root);
        const inside = value[name];
        // At the top there is room for a table: it stands open, below its name.
        const isTable = !isInner && Array.isArray(inside) && inside.length > 0 && inside.every(isFields);
        return (
          <Box key={name} sx={isTable ? wideLine : line}>
            <Box
              component="dt"
              sx={{ color: "text.secondary", fontSize: "0.875rem", overflowWrap: "anywhere" }}
            >
              {labelOf(field, name)}
              {hintOf(field) && (
                <Box sx={{ fontSize: "0.8125rem", opacity: 0.9, lineHeight: 1.35 }}>{hintOf(field)}</Box>
              )}
            </Box>
            <Box component="dd" sx={{ m: 0, minWidth: 0 }}>
              {isTable ? (
                <Items values={inside} schema={itemOf(field, root)} root={root} />
              ) : (
                <Inner value={inside} schema={field} root={root} name={labelOf(field, name)} />
              )}
            </Box>
          </Box>
        );
      })}
    </Box>
  );
}

/** A value inside of another: what is large is folded, with its size on the fold. */
function Inner({ value, schema, root, name }: Props & { name: string }) {
  if (isPlain(value)) return <Words value={value} />;
  const size = Array.isArray(value) ? value.length : Object.keys(value as object).length;
  if (size === 0) return <Nothing />;
  if (Array.isArray(value) && value.every(isPlain))
    return <Items values={value} schema={schema} root={root} />;
  const key = Array.isArray(value) ? "shape.rows" : "shape.fields";
  return (
    <Fold name={name} summary={<span>{t(key, { count: size })}</span>}>
      <ShapedValue value={value} schema={schema} root={root} isInner />
    </Fold>
  );
}

function Items({ values, schema, root }: { values: readonly unknown[]; schema: Schema; root: Schema }) {
  const [isWhole, setWhole] = useState(false);
  if (!values.length) return <Nothing />;
  const shown = isWhole ? values : values.slice(0, ROWS);
  const more = values.length > shown.length && (
    <Button size="small" onClick={() => setWhole(true)}>
      {t("shape.allRows", { count: values.length })}
    </Button>
  );
  const rows = shown.filter(isFields);
  if (rows.length === shown.length) {
    return (
      <>
        <Table rows={rows} schema={schema} root={root} />
        {more}
      </>
    );
  }
  return (
    <>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {shown.map((value, place) => (
          // A list only ever grows at the end, so a value's place is its identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={place}>
            <Inner value={value} schema={schema} root={root} name={String(place + 1)} />
          </li>
        ))}
      </Box>
      {more}
    </>
  );
}

function Table({ rows, schema, root }: { rows: readonly Fields[]; schema: Schema; root: Schema }) {
  const columns = fieldNames(schema, rows).map((name) => ({ name, field: fieldOf(schema, name, root) }));
  return (
    // Wide tables are scrolled, and whoever has only a keyboard must be able to.
    <Box role="region" aria-label={t("shape.table")} tabIndex={0} sx={frame}>
      <Box component="table" sx={table}>
        <thead>
          <tr>
            {columns.map(({ name, field }) => (
              <th key={name} scope="col" title={hintOf(field) || undefined}>
                {labelOf(field, name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever grow at the end
            <tr key={place}>
              {columns.map(({ name, field }) => (
                <td key={name} data-number={typeof row[name] === "number" || undefined}>
                  {name in row && (
                    <Inner value={row[name]} schema={field} root={root} name={labelOf(field, name)} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

function Words({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined || value === "") return <Nothing />;
  if (typeof value === "boolean") return t(value ? "shape.yes" : "shape.no");
  // Numbers as they came: they may be years or postcodes, and none is rounded.
  return (
    <Box component="span" dir="auto" sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {String(value)}
    </Box>
  );
}

function Nothing() {
  return (
    <Box component="span" sx={{ color: "text.secondary" }}>
      <span aria-hidden>—</span>
      <Box component="span" sx={{ position: "absolute", clipPath: "inset(50%)" }}>
        {t("shape.nothing")}
      </Box>
    </Box>
  );
}

const form = {
  m: 0,
  border: 1,
  borderColor: "divider",
  borderRadius: radius.medium,
  "& > div + div": { borderTop: 1, borderColor: "divider" },
} as const;

const line = {
  display: "grid",
  gridTemplateColumns: { xs: "1fr", sm: "minmax(120px, 30%) 1fr" },
  columnGap: 2,
  rowGap: 0.25,
  px: 1.5,
  py: 1,
} as const;

const wideLine = {
  display: "grid",
  gridTemplateColumns: "1fr",
  rowGap: 0.75,
  px: 1.5,
  pt: 1,
  pb: 1.5,
} as const;

const frame = { overflowX: "auto", border: 1, borderColor: "divider", borderRadius: radius.medium } as const;

const table = {
  width: "100%",
  borderCollapse: "collapse",
  fontSize: "0.9375rem",
  "& th": { textAlign: "start", fontWeight: 600, fontSize: "0.8125rem", color: "text.secondary" },
  "& thead": { bgcolor: "background.code" },
  "& th, & td": { px: 1.5, py: 0.875, verticalAlign: "top", minWidth: 72, maxWidth: 360 },
  "& tbody tr": { borderTop: 1, borderColor: "divider" },
  "& [data-number]": { fontVariantNumeric: "tabular-nums" },
} as const;
