import Box from "@mui/material/Box";

const HEIGHT = 160;
const GAP = 0.25;

/** `name`: of its day; `text`: all that is said about it. */
export type Bar = { key: string; name: string; value: number; text: string };

/** One bar for each day. For the eye: the same figures stand in the table below it, which screen readers read. */
export function BarChart({ bars, label, top }: { bars: readonly Bar[]; label: string; top: string }) {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <Box sx={{ mb: 3 }}>
      <Box sx={{ fontSize: "0.8125rem", color: "text.secondary", mb: 0.5 }} aria-hidden>
        {top}
      </Box>
      {/* Days go from left to right in every language, as on the axes of other charts. */}
      <Box
        component="svg"
        role="img"
        aria-label={label}
        viewBox={`0 0 ${bars.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        sx={{
          display: "block",
          width: "100%",
          height: HEIGHT,
          borderBottom: 1,
          borderTop: 1,
          borderTopStyle: "dashed",
          borderColor: "divider",
          color: "primary.main",
        }}
      >
        {bars.map(({ key, value, text }, index) => {
          const height = most ? (value / most) * HEIGHT : 0;
          return (
            <rect
              key={key}
              x={index + GAP / 2}
              y={HEIGHT - height}
              width={1 - GAP}
              height={height}
              fill="currentColor"
            >
              <title>{text}</title>
            </rect>
          );
        })}
      </Box>
      <Box
        aria-hidden
        dir="ltr"
        sx={{
          display: "flex",
          justifyContent: "space-between",
          fontSize: "0.8125rem",
          color: "text.secondary",
        }}
      >
        <bdi>{bars[0]?.name}</bdi>
        <bdi>{bars.at(-1)?.name}</bdi>
      </Box>
    </Box>
  );
}
