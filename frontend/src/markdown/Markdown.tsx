// The one place where Markdown becomes elements, for answers, questions, sources and greetings alike.

import Box from "@mui/material/Box";
import Link from "@mui/material/Link";
import { Children, isValidElement, memo, type ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { t } from "../i18n/t";
import { mono, radius } from "../theme";
import { CodeBlock } from "./CodeBlock";
import { ALLOWED_ELEMENTS, safeAddress } from "./safety";

function OutwardLink({ address, children }: { address: string | undefined; children: ReactNode }) {
  if (!address) return <>{children}</>;
  return (
    <Link href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </Link>
  );
}

type CodeProps = { className?: string; children?: ReactNode };

function textIn(children: ReactNode): string {
  return Children.toArray(children)
    .map((child) => (typeof child === "string" ? child : ""))
    .join("");
}

const components: Components = {
  a: ({ href, children }) => <OutwardLink address={href}>{children}</OutwardLink>,
  // Loading it would tell a stranger's server that, when and from where this is read.
  img: ({ src, alt }) => (
    <OutwardLink address={typeof src === "string" ? src : undefined}>
      {t("markdown.image", { name: alt || t("markdown.noName") })}
    </OutwardLink>
  ),
  pre: ({ children }) => {
    const [code] = Children.toArray(children);
    if (!isValidElement<CodeProps>(code)) return <pre>{children}</pre>;
    const language = /language-([\w+#.-]+)/.exec(code.props.className ?? "")?.[1] ?? "";
    return <CodeBlock code={textIn(code.props.children).replace(/\n$/, "")} language={language} />;
  },
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked}
      disabled
      aria-label={t(checked ? "markdown.done" : "markdown.toDo")}
    />
  ),
  table: ({ children }) => (
    <Box sx={{ overflowX: "auto", my: 2 }}>
      <table>{children}</table>
    </Box>
  ),
};

const prose = {
  overflowWrap: "anywhere",
  "& > :first-of-type": { mt: 0 },
  "& > :last-child": { mb: 0 },
  "& p": { my: 1.5 },
  "& h1, & h2, & h3, & h4, & h5, & h6": { mt: 3, mb: 1, lineHeight: 1.35, fontWeight: 650 },
  "& h1": { fontSize: "1.375rem" },
  "& h2": { fontSize: "1.2rem" },
  "& h3": { fontSize: "1.0625rem" },
  "& h4, & h5, & h6": { fontSize: "1rem" },
  "& ul, & ol": { my: 1.5, pl: 3.5 },
  "& li": { my: 0.5 },
  "& li > p, & li > ul, & li > ol": { my: 0.5 },
  "& .contains-task-list": { listStyle: "none", pl: 1 },
  "& blockquote": { m: 0, my: 1.5, pl: 2, borderLeft: 3, borderColor: "divider", color: "text.secondary" },
  "& hr": { border: 0, borderTop: 1, borderColor: "divider", my: 3 },
  "& :not(pre) > code": {
    fontFamily: mono,
    fontSize: "0.875em",
    px: 0.6,
    py: 0.2,
    bgcolor: "background.bubble",
    borderRadius: radius.small,
  },
  "& table": { borderCollapse: "collapse", fontSize: "0.9375rem" },
  "& th, & td": {
    borderBottom: 1,
    borderColor: "divider",
    px: 1.5,
    py: 0.75,
    textAlign: "left",
    minWidth: 64,
  },
  "& th": { fontWeight: 650 },
} as const;

const plugins = [remarkGfm];

const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <Box sx={prose}>
      <ReactMarkdown
        remarkPlugins={plugins}
        components={components}
        allowedElements={ALLOWED_ELEMENTS}
        unwrapDisallowed
        urlTransform={safeAddress}
      >
        {text}
      </ReactMarkdown>
    </Box>
  );
});

export default Markdown;
