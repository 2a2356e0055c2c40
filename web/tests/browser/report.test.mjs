// The report of a run as a reader meets it: in a browser, from a file, with hostile cells.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { openFile, startBrowser } from "./browser.mjs";
import { flow, HOSTILE, makeRun } from "./run_fixture.mjs";

const ROWS = 5000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
let run;
let file;

before(async () => {
  run = makeRun(ROWS, "lose=1%,refuse=2%,seed=3");
  file = join(run.folder, "report.html");
  run.call("report", "latest", "--format", "html", "--out", file);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  if (run) rmSync(run.folder, { recursive: true, force: true });
});

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Opens the report and waits until its rows are there. */
async function opened(options) {
  const made = await openFile(browser, file, options);
  await made.page.waitForSelector(".body .line");
  return made;
}

const shown = (page) => page.locator(".shown").innerText();

async function finish({ context, watched }) {
  await context.close();
  assert.deepEqual(watched, { requests: [], errors: [] });
}

test("the balance sheet adds up to the rows, as the summary counts them", async () => {
  const made = await opened();
  const sums = await made.page.locator("[data-l=en] .balance .sum:not(.total) b").allInnerTexts();
  const total = await made.page.locator("[data-l=en] .balance .total b").innerText();
  const numbers = sums.map((text) => Number(text.replaceAll(",", "")));
  assert.equal(numbers.reduce((sum, one) => sum + one, 0), ROWS);
  assert.equal(total, grouped(ROWS));
  for (const [outcome, count] of Object.entries(run.summary.rows)) {
    if (outcome === "total" || count === 0) continue;
    assert.equal(await made.page.locator(`[data-l=en] .balance .${outcome} b`).innerText(), grouped(count));
  }
  assert.match(await made.page.locator("[data-l=en] h1").innerText(), new RegExp(`${grouped(run.summary.rows.succeeded)} of 5,000 rows succeeded`));
  await finish(made);
});

test("search, filter and order leave what they say, and stand in the URL", async () => {
  const made = await opened();
  const { page } = made;
  assert.equal(await shown(page), "5,000 of 5,000 rows");
  await page.fill(".search input", flow(17));
  await page.waitForFunction(() => document.querySelector(".shown").textContent.startsWith("1 of"));
  assert.match(await page.evaluate(() => location.hash), /q=/);
  await page.fill(".search input", "");
  await page.click(".chip.failed");
  await page.waitForFunction(() => location.hash.includes("outcome=failed"));
  assert.equal(await shown(page), `${grouped(run.summary.rows.failed)} of 5,000 rows`);
  await page.click('.head button:has-text("amount")');
  await page.click('.head button:has-text("amount")');
  const amounts = (await page.locator(".body .line").evaluateAll((lines) => lines.map((line) => [Number(line.dataset.index), Number(line.children[4].textContent)])))
    .sort((one, other) => one[0] - other[0]).map(([, amount]) => amount);
  assert.deepEqual(amounts, [...amounts].sort((one, other) => other - one));
  const hash = await page.evaluate(() => location.hash);
  await finish(made);
  // The same URL shows the same rows.
  const again = await opened({ hash });
  assert.equal(await shown(again.page), `${grouped(run.summary.rows.failed)} of 5,000 rows`);
  assert.match(await again.page.locator(".head [aria-sort=descending]").innerText(), /^amount/);
  await finish(again);
});

test("a kind of failure opens its rows", async () => {
  const made = await opened();
  const { page } = made;
  const first = page.locator("[data-l=en] .kind").first();
  const count = await first.locator(".count b").innerText();
  await first.locator("a.script").click();
  await page.waitForFunction(() => location.hash.includes("kind=1"));
  await page.waitForFunction((wanted) => document.querySelector(".shown").textContent.startsWith(`${wanted} of`), count);
  await finish(made);
});

test("hostile cells stay text", async () => {
  const made = await opened();
  const { page } = made;
  assert.doesNotMatch(await page.title(), /taken/);
  const cells = await page.locator(".body .line").evaluateAll((lines) => lines.slice(0, 6).map((line) => line.children[3].textContent));
  for (const cell of cells) {
    assert.ok(HOSTILE.some((hostile) => hostile.replace("\u202e", "[U+202E]") === cell), cell);
  }
  assert.equal(await page.locator(".body img, .body script, main b b").count(), 0);
  // Sensitive cells are masked, in the page and in its data.
  assert.doesNotMatch(await page.content(), /0912\d{6}/);
  assert.equal(await page.locator(".body .line").first().locator("> div").nth(5).innerText(), "***");
  await finish(made);
});

test("the page speaks Chinese, and is dark or light", async () => {
  const made = await opened({ locale: "zh-CN", colorScheme: "dark" });
  const { page } = made;
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  assert.match(await page.locator("#verdict h1:visible").innerText(), /5,000 行中有/);
  assert.equal(await page.locator("#rows h2").innerText(), "各行");
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.click('.tools button:has-text("浅色")');
  assert.notEqual(await ground(), dark);
  await page.click('.tools button:has-text("English")');
  assert.equal(await page.locator("#rows h2").innerText(), "Rows");
  await finish(made);
});

test("the keyboard reaches the rows", async () => {
  const made = await opened();
  const { page } = made;
  await page.locator(".body .row-link").first().focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "3");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog.story[open]");
  assert.match(await page.locator("#story-title").innerText(), /Row 3/);
  assert.match(await page.evaluate(() => location.hash), /row=3/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog.story", { state: "detached" });
  assert.doesNotMatch(await page.evaluate(() => location.hash), /row=/);
  await finish(made);
});

test("without script the verdict and the failures are there", async () => {
  const made = await openFile(browser, file, { javaScriptEnabled: false });
  const { page } = made;
  assert.ok(await page.locator("#verdict [data-l=en] h1").isVisible());
  assert.ok(await page.locator("#failures [data-l=en] .kind").first().isVisible());
  assert.ok(await page.locator("noscript, .card:has-text('JavaScript')").first().isVisible());
  assert.equal(await page.locator("#failures [data-l=zh]").isVisible(), false);
  await finish(made);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1440]) {
    test(`no violation of accessibility: ${colorScheme}, ${width} pixels`, async () => {
      const made = await opened({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const { page } = made;
      await page.evaluate(AXE);
      const check = async (what) => {
        const { violations } = await page.evaluate(() => globalThis.axe.run(document));
        assert.deepEqual(violations.map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`), []);
      };
      await check("page");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, "the page is wider than its window");
      await page.locator(".body .row-link").first().click();
      await page.waitForSelector("dialog.story[open]");
      await check("story");
      await finish(made);
    });
  }
}

test("the file is not larger than promised", () => {
  const rows = readFileSync(join(run.folder, "rows.csv"));
  const base64 = Math.ceil(gzipSync(rows).length / 3) * 4;
  const html = readFileSync(file, "utf8");
  const stories = [...html.matchAll(/<script type="text\/plain" data-part="stories-\d+">[^<]*<\/script>/g)].reduce((sum, [part]) => sum + part.length, 0);
  const allowed = 1.5 * base64 + 400 * 1024 + stories;
  assert.ok(statSync(file).size <= allowed, `${statSync(file).size} bytes, ${allowed} allowed`);
});

test("the page works in a frame without an origin", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.setContent('<iframe sandbox="allow-scripts" width="1200" height="860"></iframe>');
  await page.evaluate((html) => {
    document.querySelector("iframe").srcdoc = html;
  }, readFileSync(file, "utf8"));
  const frame = page.frameLocator("iframe");
  await frame.locator(".body .line").first().waitFor();
  await frame.locator("[data-l=en] .balance a.failed").click();
  await frame.locator(`.shown:has-text("${grouped(run.summary.rows.failed)} of 5,000 rows")`).waitFor();
  await frame.locator("#verdict [data-l=en] .copy").first().click();
  await frame.locator(".row-link").first().click();
  await frame.locator("dialog.story[open] .timeline").waitFor();
  await context.close();
  assert.deepEqual(errors, []);
});

test("the story of a row tells its requests and answers beside the playbook", async () => {
  const made = await opened({ hash: "#outcome=failed" });
  const { page } = made;
  await page.locator(".row-link").first().click();
  const story = page.locator("dialog.story[open]");
  await story.locator(".timeline .moment").first().waitFor();
  assert.match(await story.locator(".lines").innerText(), /uses: tencent_essbasic\.extend_deadline/);
  await story.locator('summary:has-text("Request")').first().click();
  assert.match(await story.locator(".moment pre").first().innerText(), /POST/);
  assert.match(await story.locator(".timeline").innerText(), /Decided by/);
  assert.equal(await story.locator(".values dd:has-text('***')").count() > 0, true, "the phone is masked");
  assert.doesNotMatch(await story.innerText(), /0912\d{6}/);
  const number = await page.locator("#story-title").innerText();
  await story.locator('nav button:has-text("↓")').click();
  await page.waitForFunction((before) => document.querySelector("#story-title").innerText !== before, number);
  await finish(made);
});

test("a story tells in Chinese what a code means and what to do", async () => {
  const made = await opened({ locale: "zh-CN", hash: "#outcome=failed" });
  const { page } = made;
  await page.locator(".row-link").first().click();
  const story = page.locator("dialog.story[open]");
  await story.locator(".timeline .moment").first().waitFor();
  assert.match(await story.locator(".timeline").innerText(), /判定依据：代码表把 \S+ 判为 rejected/);
  for (const told of ["合同或账号当前的状态不允许这项操作", "先排除原因，再重做失败的部分"]) {
    assert.equal(await story.locator(`span[lang="zh-CN"]:has-text("${told}")`).count(), 1, told);
  }
  await page.keyboard.press("Escape");
  await page.click('.tools button:has-text("English")');
  await page.locator(".row-link").first().click();
  await story.locator('span[lang="en"]:has-text("The state of the contract or the account does not allow it")').waitFor();
  await finish(made);
});
