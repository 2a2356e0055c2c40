// The live page as its reader meets it: the list, a run that ended, runs under way that it steers, and a server that goes
// away and comes back.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openLive, startBrowser } from "./browser.mjs";
import { flow, HOSTILE, makeRun } from "./run_fixture.mjs";
import { startRun, startUi } from "./ui_fixture.mjs";

const ROWS = 5000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
let run;
let ui;
let id;

before(async () => {
  run = makeRun(ROWS, "lose=1%,refuse=2%,seed=3");
  id = run.summary.run_id;
  ui = await startUi(run.folder);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await ui?.kill();
  if (run) rmSync(run.folder, { recursive: true, force: true });
});

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
const shown = (page) => page.locator(".shown").innerText();
const hashOf = (page) => page.evaluate(() => location.hash);

/** Opens a place of the page with a fresh link. */
async function opened(hash = "", options = {}) {
  const made = await openLive(browser, ui.origin, options);
  await made.page.goto(await ui.link());
  await made.page.waitForSelector(".runs, .empty, .body .line");
  if (hash !== "") {
    await made.page.evaluate((to) => {
      location.hash = to;
    }, hash);
  }
  return made;
}

/** Waits until all rows are there: the first ones are shown while the others still come. */
async function rowsAreRead(page, first = ".body .line") {
  await page.waitForSelector(first);
  await page.waitForSelector(".reading", { state: "detached" });
}

/** Opens a run and waits until its rows are there. */
async function openedRun(rest = "", options = {}) {
  const made = await opened(`#run=${id}${rest}`, options);
  await rowsAreRead(made.page, ".body .line, #rows .empty");
  return made;
}

async function finish({ context, watched }) {
  await context.close();
  assert.deepEqual(watched, { requests: [], errors: [] });
}

test("the list is filtered by the server, and its filter stands in the URL", async () => {
  const made = await opened();
  const { page } = made;
  assert.doesNotMatch(page.url(), /token/);
  assert.equal(await page.locator(`.runs a[href="#run=${id}"]`).count(), 1);
  await page.fill(".fields [name=playbook]", "PLAYBOOK");
  await page.waitForFunction(() => location.hash === "#playbook=PLAYBOOK");
  await page.selectOption(".fields [name=outcome]", "skipped");
  await page.waitForSelector(".empty");
  assert.equal(await hashOf(page), "#playbook=PLAYBOOK&outcome=skipped");
  await page.click('.fields button:has-text("Show all runs")');
  await page.waitForSelector(".runs tbody tr");
  await page.evaluate(() => {
    location.hash = "#environment=nowhere";
  });
  await page.waitForSelector(".empty");
  assert.equal(await page.inputValue(".fields [name=environment]"), "nowhere");
  await finish(made);
});

test("a run shows what the report and the row file say, count for count", async () => {
  const made = await opened();
  const { page } = made;
  await page.click(`.runs a[href="#run=${id}"]`);
  await rowsAreRead(page);
  const report = JSON.parse(run.call("report", id, "--format", "json"));
  const lines = readFileSync(join(run.folder, "state", "runs", id, "results.csv"), "utf8");
  for (const [outcome, count] of Object.entries(report.rows)) {
    if (outcome === "total" || count === 0) continue;
    assert.equal(await page.locator(`[data-l=en] .balance .${outcome} b`).innerText(), grouped(count), outcome);
    assert.equal(await page.locator(`.chip.${outcome} .count`).innerText(), grouped(count), outcome);
    assert.equal(lines.split(`,${outcome},`).length - 1, count, outcome);
    await page.click(`.chip.${outcome}`);
    await page.waitForFunction((wanted) => document.querySelector(".shown").textContent.startsWith(wanted), `${grouped(count)} of`);
    await page.click(`.chip.${outcome}`);
  }
  assert.equal(await shown(page), "5,000 of 5,000 rows");
  // What ended has neither a line of the moment nor buttons that steer.
  assert.equal(await page.locator(".live, .steering").count(), 0);
  assert.match(await page.title(), /rows succeeded.* · runsheet$/);
  await page.goBack();
  await page.waitForSelector(".runs");
  assert.equal(await page.title(), "Runs · runsheet");
  await page.goForward();
  await rowsAreRead(page);
  await page.click(".way a");
  await page.waitForSelector(".runs");
  await finish(made);
});

test("search, filter and order stand in the URL, and the URL leads to them", async () => {
  const made = await openedRun();
  const { page } = made;
  await page.fill(".search input", flow(17));
  await page.waitForFunction(() => document.querySelector(".shown").textContent.startsWith("1 of"));
  assert.equal(await hashOf(page), `#run=${id}&q=${flow(17)}`);
  await page.fill(".search input", "");
  await page.click('.head button:has-text("amount")');
  await page.click('.head button:has-text("amount")');
  await page.click(".chip.failed");
  assert.equal(await hashOf(page), `#run=${id}&outcome=failed&sort=-c2`);
  const failed = await shown(page);
  assert.equal(failed, `${grouped(run.summary.rows.failed)} of 5,000 rows`);
  await finish(made);
  const again = await openedRun("&outcome=failed&sort=-c2");
  assert.equal(await shown(again.page), failed);
  assert.match(await again.page.locator(".head [aria-sort=descending]").innerText(), /^amount/);
  await finish(again);
});

test("a kind of failure and the sums lead to their rows, and back", async () => {
  const made = await openedRun();
  const { page } = made;
  const first = page.locator("[data-l=en] .kind").first();
  const count = await first.locator(".count b").innerText();
  await first.locator("a.script").click();
  await page.waitForFunction((wanted) => document.querySelector(".shown").textContent.startsWith(`${wanted} of`), count);
  assert.equal(await hashOf(page), `#run=${id}&kind=1`);
  await page.goBack();
  await page.waitForFunction(() => document.querySelector(".shown").textContent.startsWith("5,000 of"));
  await page.locator("[data-l=en] .balance a.failed").click();
  await page.waitForFunction(() => location.hash.endsWith("&outcome=failed"));
  assert.equal(await shown(page), `${grouped(run.summary.rows.failed)} of 5,000 rows`);
  await finish(made);
});

test("a row opens its story; going back closes it, and the focus returns", async () => {
  const made = await openedRun("&outcome=failed");
  const { page } = made;
  const first = page.locator(".row-link").first();
  const number = await first.innerText();
  await first.focus();
  await page.keyboard.press("Enter");
  const story = page.locator("dialog.story[open]");
  await story.locator(".timeline .moment").first().waitFor();
  assert.match(await hashOf(page), new RegExp(`row=${number}$`));
  assert.match(await story.locator(".lines").innerText(), /uses: tencent_essbasic\.extend_deadline/);
  assert.match(await story.locator(".timeline").innerText(), /Decided by/);
  assert.doesNotMatch(await story.innerText(), /0912\d{6}/);
  await story.locator('nav button:has-text("↓")').click();
  await page.waitForFunction((before) => !document.querySelector("#story-title").innerText.includes(before), `Row ${number}`);
  await page.goBack();
  await story.waitFor({ state: "detached" });
  assert.equal(await hashOf(page), `#run=${id}&outcome=failed`);
  await page.keyboard.press("Enter");
  await story.waitFor();
  await page.keyboard.press("Escape");
  await story.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), number);
  // A row that succeeded has a story too, which the page of a file leaves out for most.
  const other = await openedRun("&row=4000");
  await other.page.locator("dialog.story[open] .timeline .moment").first().waitFor();
  await finish(made);
  await finish(other);
});

test("the page speaks Chinese, and is dark or light, and remembers it", async () => {
  const made = await openedRun("", { locale: "zh-CN", colorScheme: "dark" });
  const { page } = made;
  assert.match(await page.locator("#verdict h1:visible").innerText(), /5,000 行中有/);
  assert.equal(await page.locator("#rows h2").innerText(), "各行");
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.click('.tools button:has-text("浅色")');
  assert.notEqual(await ground(), dark);
  await page.click('.tools button:has-text("English")');
  assert.equal(await page.locator("#rows h2").innerText(), "Rows");
  assert.match(await page.locator("#verdict h1:visible").innerText(), /of 5,000 rows succeeded/);
  await page.reload();
  assert.equal(await page.locator(".door h1").innerText(), "Open the page with a link");
  assert.notEqual(await ground(), dark);
  await finish(made);
});

test("hostile cells and texts stay text, however long they are", async () => {
  const made = await openLive(browser, ui.origin);
  const { page } = made;
  const long = "<b>x</b>\u202e".repeat(1_000_000);
  // The server shortens texts; the page takes longer ones too.
  await page.route("**/rows?*", async (route) => {
    const answer = await route.fetch();
    const lines = (await answer.text()).split("\n");
    const row = JSON.parse(lines[1]);
    row[7] = long;
    lines[1] = JSON.stringify(row);
    await route.fulfill({ response: answer, body: lines.join("\n") });
  });
  await page.route("**/story?*", async (route) => {
    const answer = await route.fetch();
    const story = await answer.json();
    story.state.message = long;
    await route.fulfill({ response: answer, json: story });
  });
  await page.goto(await ui.link());
  await page.waitForSelector(".runs");
  await page.evaluate((to) => {
    location.hash = to;
  }, `#run=${id}`);
  await rowsAreRead(page);
  assert.doesNotMatch(await page.title(), /taken/);
  const cells = await page.locator(".body .line").evaluateAll((lines) => lines.slice(0, 6).map((line) => line.children[3].textContent));
  for (const cell of cells) assert.ok(HOSTILE.some((hostile) => hostile.replace("\u202e", "[U+202E]") === cell), cell);
  assert.equal(await page.locator(".body img, .body script, .body b, main b b").count(), 0);
  await page.locator(".row-link").first().click();
  const said = page.locator("dialog.story[open] .said");
  await said.waitFor();
  assert.equal(await said.locator("b").count(), 0);
  assert.match(await said.evaluate((element) => element.textContent.trim().slice(0, 20)), /^<b>x<\/b>\[U\+202E\]/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, "the page is wider than its window");
  await finish(made);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1440]) {
    test(`no violation of accessibility: ${colorScheme}, ${width} pixels`, async () => {
      const made = await openLive(browser, ui.origin, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const { page } = made;
      const check = async (what) => {
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document));
        assert.deepEqual(violations.map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ")}`), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wide, 0, `${what} is wider than its window`);
      };
      await page.goto(ui.origin);
      await page.waitForSelector(".door");
      await check("door");
      await page.fill("#link", await ui.link());
      await page.click(".door button");
      await page.waitForSelector(".runs tbody tr");
      await check("list");
      await page.click(`.runs a[href="#run=${id}"]`);
      await rowsAreRead(page);
      await check("run");
      await page.locator(".body .row-link").first().click();
      await page.waitForSelector("dialog.story[open] .timeline");
      await check("story");
      await finish(made);
    });
  }
}

test("the page prints both sections and rows, and no buttons", async () => {
  const made = await openedRun();
  const { page } = made;
  await page.emulateMedia({ media: "print" });
  await page.waitForFunction(() => document.querySelectorAll(".body .line").length === 500);
  for (const section of ["#verdict", "#failures", "#pace", "#rows"]) assert.ok(await page.locator(section).isVisible(), section);
  for (const button of [".tools", ".saving", ".copy", ".search input", ".way"]) {
    assert.equal(await page.locator(`${button}:visible`).count(), 0, button);
  }
  assert.match(await page.locator("#rows").innerText(), /The first 500 of 5,000 rows are printed/);
  await finish(made);
});

/** Presses a button that steers, and agrees in its dialog. */
async function steer(page, name, value) {
  const button = page.locator(`.steering > button:text-is("${name}")`);
  await button.click();
  const dialog = page.locator("dialog.question[open]");
  if (value !== undefined) await dialog.locator("input").fill(value);
  await dialog.locator("button.main").click();
  await dialog.waitFor({ state: "detached" });
}

test("a run under way is followed, paused, slowed and drained from the page", async () => {
  const live = startRun(run.folder, "live", 4000, "20/s");
  const made = await opened("", { bypassCSP: true });
  const { page } = made;
  await page.click('.runs tr:has-text("under way") .id > a');
  await page.waitForSelector(".steering");
  await page.waitForSelector(".body .line .tag.succeeded");
  const line = page.locator(".live");
  assert.match(await line.innerText(), /of 4,000 rows ended/);
  assert.match(await line.innerText(), /calls? under way/);

  // Whoever declines sends nothing, and the focus is where it was.
  await page.locator('.steering > button:text-is("Pause")').focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog.question[open]");
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  assert.deepEqual(violations.map((one) => one.id), []);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog.question", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pause");

  await steer(page, "Pause");
  await page.waitForSelector('.live [role=status]:has-text("Paused by")');
  assert.match(await page.locator(".live [role=status]").innerText(), /\(page\) since \d\d:\d\d:\d\d/);
  await steer(page, "Go on");
  await page.waitForFunction(() => document.querySelector(".live [role=status]").textContent === "");
  await steer(page, "Rate", "nonsense");
  await page.waitForSelector(".steering .problem");
  await steer(page, "Rate", "10");
  await page.waitForSelector('.live .now:has-text("at most 10/s")');
  assert.equal(await page.locator(".steering .problem").count(), 0);

  // Rows come as they end; what is read stays where it is.
  await page.evaluate(() => document.querySelector(".table").scrollTo({ top: 3600 }));
  const before = Number((await page.locator(".chip.succeeded .count").innerText()).replaceAll(",", ""));
  await page.waitForFunction((count) => Number(document.querySelector(".chip.succeeded .count").textContent.replaceAll(",", "")) > count, before);
  assert.equal(await page.evaluate(() => document.querySelector(".table").scrollTop), 3600);
  // The focus stays in a section that is written anew.
  const sum = page.locator("#verdict [data-l=en] .balance a.succeeded");
  await sum.focus();
  const told = await sum.innerText();
  await page.waitForFunction((text) => document.querySelector("#verdict [data-l=en] .balance a.succeeded").innerText !== text, told);
  assert.ok(await sum.evaluate((link) => document.activeElement === link));
  // Rows that appear above those that are read do not move them.
  await page.click('.head button:has-text("Ended at")');
  await page.click('.head button:has-text("Ended at")');
  await page.evaluate(() => document.querySelector(".table").scrollTo({ top: 1440 }));
  const top = () => page.evaluate(() => {
    const at = Math.floor(document.querySelector(".table").scrollTop / 36);
    return [at, document.querySelector(`.body [data-index="${at}"] .row-link`)?.textContent];
  });
  await page.waitForFunction(() => document.querySelector('.body [data-index="40"]'));
  const [, number] = await top();
  await page.waitForFunction(() => document.querySelector(".table").scrollTop > 1440);
  assert.equal((await top())[1], number);
  await page.click('.head button:has-text("Row")');
  // A story that is open is read again when its row changes.
  await page.click(".chip.not_started");
  await page.locator(".body .line .row-link").first().click();
  const story = page.locator("dialog.story[open]");
  await story.locator(".panel > header .tag.succeeded").waitFor({ timeout: 60_000 });
  await story.locator('.moment:has-text("The row ended")').waitFor();
  await page.keyboard.press("Escape");
  await page.click(".chip.not_started");

  await steer(page, "Drain");
  assert.equal(await live.ended(), 6);
  await page.waitForSelector(".live", { state: "detached" });
  await page.waitForSelector("#verdict.interrupted, #verdict.stopped");
  const drained = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("run"));
  const report = JSON.parse(run.call("report", drained, "--format", "json"));
  await page.waitForFunction(
    (count) => document.querySelector(".chip.succeeded .count").textContent === count, grouped(report.rows.succeeded));
  assert.equal(await page.locator("[data-l=en] .balance .succeeded b").innerText(), grouped(report.rows.succeeded));
  const steered = JSON.parse(run.call("runs", "show", drained, "--format", "json")).steered;
  assert.deepEqual(steered.map((one) => [one.what, one.from]), [["pause", "page"], ["resume", "page"], ["rate", "page"], ["drain", "page"]]);
  await finish({ ...made, watched: { ...made.watched, errors: made.watched.errors.filter((error) => !error.includes("400")) } });
});

test("another run is cancelled, and a server that ends and comes back leads to the same place", async () => {
  const live = startRun(run.folder, "more", 2000, "20/s");
  const made = await opened();
  const { page, watched } = made;
  await page.click('.runs tr:has-text("under way") .id > a');
  await page.waitForSelector(".body .line .tag.succeeded");
  await page.fill(".search input", "more0000");
  const hash = await hashOf(page);
  assert.match(hash, /q=more0000/);

  await ui.kill();
  await page.waitForSelector('.problem:has-text("runsheet ui does not answer"), .problem:has-text("ended in the middle")');
  // What was there stays, and the run does not wait for the page.
  assert.ok(await page.locator(".body .line").first().isVisible());
  ui = await startUi(run.folder, ui.port);
  await page.waitForSelector(".door");
  assert.equal(await hashOf(page), hash);
  const link = await ui.link();
  await page.fill("#link", "wrong");
  await page.click(".door button");
  await page.waitForSelector(".door .problem");
  await page.fill("#link", link);
  await page.click(".door button");
  await rowsAreRead(page);
  assert.equal(await page.inputValue(".search input"), "more0000");

  // A link that is opened in the same tab leads to the same place too.
  await page.reload();
  await page.waitForSelector(".door");
  await page.evaluate((to) => {
    location.hash = to;
  }, new URL(await ui.link()).hash);
  await rowsAreRead(page);
  assert.equal(await hashOf(page), hash);

  await steer(page, "Cancel");
  assert.equal(await live.ended(), 6);
  await page.waitForSelector(".live", { state: "detached" });
  assert.match(await page.locator("#verdict [data-l=en]").innerText(), /cancel/i);
  watched.errors = watched.errors.filter((error) => !/Failed to load resource|ERR_/.test(error));
  await finish(made);
});

test("the report and the row files are saved from the page", async () => {
  const made = await openedRun();
  const { page } = made;
  for (const name of ["Report as JSON", "results.csv"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.saving button:text-is("${name}")`)]);
    assert.match(download.suggestedFilename(), new RegExp(`^${id}-`));
  }
  await finish(made);
});
