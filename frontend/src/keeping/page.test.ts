import { afterEach, expect, test, vi } from "vitest";
import { pageOf } from "./page";

function drawn(html: string): HTMLElement {
  const place = document.createElement("div");
  place.innerHTML = html;
  return place;
}

afterEach(() => vi.unstubAllGlobals());

test("the page loads nothing, runs nothing, and says so to the browser", async () => {
  const page = await pageOf(
    drawn(
      '<main><p class="css-1 plain" style="color:red" onclick="x()" data-x="1">Hi</p><iframe src="/x"></iframe></main>',
    ),
    "<Title> & more",
  );
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("<title>&lt;Title&gt; &amp; more</title>");
  expect(page).toContain('<body><main><p class="plain">Hi</p></main></body>');
});

test("code keeps its language and gets its colours; buttons are gone", async () => {
  const page = await pageOf(
    drawn(
      '<div class="frame"><div><span>python</span><button>Copy</button></div><section tabindex="0"><pre data-language="python"><code>def f(): pass</code></pre></section></div>',
    ),
    "t",
  );
  expect(page).toContain("<figcaption>python</figcaption>");
  expect(page).toContain('<span class="hljs-keyword">def</span>');
  expect(page).not.toContain("<button");
});

test("a formula is MathML that browsers draw, a chip is its number, a diagram is its source", async () => {
  const page = await pageOf(
    drawn(
      '<span class="katex"><span class="katex-mathml"><math><mi>x</mi></math></span><span class="katex-html">x</span></span>' +
        '<button aria-haspopup="dialog">1</button><div data-diagram="graph LR"><iframe></iframe></div>',
    ),
    "t",
  );
  expect(page).toContain("<mi>x</mi>");
  expect(page).not.toContain("katex");
  expect(page).toContain('<sup class="ref">[1]</sup>');
  expect(page).toContain("<figcaption>mermaid</figcaption><pre><code>graph LR</code></pre>");
});

test("a picture of our own goes into the page, one from elsewhere does not", async () => {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(new Blob(["x"], { type: "image/png" }))),
  );
  const page = await pageOf(
    drawn('<img src="/api/v1/files/1" alt="mine"><img src="https://elsewhere.example/x.png" alt="theirs">'),
    "t",
  );
  expect(page).toContain('src="data:image/png;base64,eA=="');
  expect(page).not.toContain("elsewhere.example");
});
