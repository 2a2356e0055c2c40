// The browser of the tests, and what is watched on every page.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function startBrowser() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("no Chromium: install it, or name it with CHROMIUM");
  const sandboxed = process.getuid?.() !== 0;
  return chromium.launch({ executablePath, args: sandboxed ? [] : ["--no-sandbox"] });
}

/** Opens a page for a server. Collects every request to another origin, and every error of the page. */
export async function openLive(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  // Debug builds on a busy machine take their time.
  page.setDefaultTimeout(60_000);
  const watched = { requests: [], errors: [] };
  page.on("request", (request) => {
    const url = request.url();
    const own = [`${origin}/`, "data:,", `blob:${origin}/`].some((start) => url.startsWith(start));
    if (!own) watched.requests.push(url);
  });
  page.on("pageerror", (error) => watched.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && watched.errors.push(message.text()));
  return { page, context, watched };
}

/** Opens a file. Collects every request that is not the file itself, and every error of the page. */
export async function openFile(browser, file, options = {}) {
  const { hash = "", ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...contextOptions });
  const page = await context.newPage();
  const watched = { requests: [], errors: [] };
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:,") && url.split("#")[0] !== `file://${file}`) watched.requests.push(url);
  });
  page.on("pageerror", (error) => watched.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && watched.errors.push(message.text()));
  await page.goto(`file://${file}${hash}`);
  return { page, context, watched };
}
