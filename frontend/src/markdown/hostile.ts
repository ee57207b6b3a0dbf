// What models and strangers may write to harm a reader: raw HTML, addresses that run, frames, events, and Markdown that
// hides them. For tests.

const ADDRESSES = [
  "javascript:__pwn=1",
  "JAVASCRIPT:__pwn=1",
  "java\tscript:__pwn=1",
  "javascript&colon;__pwn=1",
  "javascript&#58;__pwn=1",
  "&#x6A;avascript:__pwn=1",
  "\u0001javascript:__pwn=1",
  "data:text/html,<script>__pwn=1</script>",
  "data:image/svg+xml,<svg onload=__pwn=1>",
  "vbscript:__pwn",
  "file:///etc/passwd",
  "blob:https://parley.test/x",
  "//evil.example/x",
  "/api/v1/me",
];

const AROUND: ((address: string) => string)[] = [
  (address) => `[click](${address})`,
  (address) => `[click](<${address}>)`,
  (address) => `[click][x]\n\n[x]: ${address}`,
  (address) => `<${address}>`,
  (address) => `![picture](${address})`,
  (address) => `![picture][x]\n\n[x]: ${address}`,
  (address) => `[![a](${address})](${address})`,
];

const TAGS = [
  "<script>__pwn=1</script>",
  "<img src=x onerror=__pwn=1>",
  "<svg onload=__pwn=1>",
  "<svg><script>__pwn=1</script></svg>",
  '<iframe srcdoc="<script>parent.__pwn=1</script>"></iframe>',
  '<a href="javascript:__pwn=1">x</a>',
  "<a href=javascript:__pwn=1 target=_self>x</a>",
  "<details open ontoggle=__pwn=1>",
  "<video><source onerror=__pwn=1></video>",
  "<audio src=x onerror=__pwn=1>",
  "<body onload=__pwn=1>",
  "<form action=https://evil.example><input name=q></form>",
  '<math href="javascript:__pwn=1">x</math>',
  "<style>*{background:url(https://evil.example)}</style>",
  "<link rel=stylesheet href=https://evil.example>",
  "<base href=https://evil.example>",
  "<meta http-equiv=refresh content=0;url=https://evil.example>",
  "<object data=https://evil.example></object>",
  "<embed src=https://evil.example>",
  "<template><img src=x onerror=__pwn=1></template>",
  "<noscript><p title='</noscript><img src=x onerror=__pwn=1>'>",
  "<!--><img src=x onerror=__pwn=1>-->",
  "<![CDATA[><img src=x onerror=__pwn=1>]]>",
  "<?php echo 1 ?>",
  '<div style="position:fixed;inset:0">x</div>',
  "<x onclick=__pwn=1>x</x>",
];

const PLACES: ((inner: string) => string)[] = [
  (inner) => inner,
  (inner) => `text ${inner} text`,
  (inner) => `- item ${inner}`,
  (inner) => `> ${inner}`,
  (inner) => `# ${inner}`,
  (inner) => `| a |\n|---|\n| ${inner} |`,
  (inner) => `\`\`\`html\n${inner}\n\`\`\``,
  (inner) => `x[^1]\n\n[^1]: ${inner}`,
];

const OTHERS = [
  '```mermaid\ngraph TD; A[<img src=x onerror=__pwn=1>]-->B\nclick A href "javascript:__pwn=1"\n```',
  "```mermaid\n%%{init: {'securityLevel': 'loose'}}%%\ngraph TD; A-->B\n```",
  '```"><script>__pwn=1</script>\nx\n```',
  "```js onload=__pwn=1\nx\n```",
  "$\\href{javascript:__pwn=1}{x}$",
  "$\\htmlData{onclick=__pwn=1}{x}$",
  "$$\\includegraphics{https://evil.example/x.png}$$",
  "\\[\\url{javascript:__pwn=1}\\]",
  "https://evil.example/?d=secret and www.evil.example",
  '[x](https://a.example "onclick=__pwn=1")',
  '[x](https://a.example/"onmouseover=__pwn=1)',
  "[^<img src=x onerror=__pwn=1>]\n\n[^<img src=x onerror=__pwn=1>]: x",
  "![<img src=x onerror=__pwn=1>](https://a.example)",
  "\u202Egnp.exe [link](https://evil.example)",
  `${"> ".repeat(50)}deep`,
  `${"*".repeat(400)}`,
  `${"[".repeat(200)}x${"](a)".repeat(200)}`,
];

export const hostile: readonly string[] = [
  ...ADDRESSES.flatMap((address) => AROUND.map((around) => around(address))),
  ...TAGS.flatMap((tag, index) => {
    const place = PLACES[index % PLACES.length];
    return place && index >= 8 ? [tag, place(tag)] : PLACES.map((each) => each(tag));
  }),
  ...OTHERS,
];
