// Opens reports in a browser and uses them as a reader would: node browser.cjs FOLDER CHROMIUM PLAYWRIGHT.
"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [folder, executablePath, playwright] = process.argv.slice(2);
const { chromium } = require(playwright);
// A browser that hangs must not hang the tests.
setTimeout(() => { console.error("the browser took too long"); process.exit(3); }, 180_000).unref();

/** Visible texts that lie over one another, in the part of the page that is looked at. */
function overlaps(root) {
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  const boxes = [];
  while (walker.nextNode() && boxes.length < 600) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(".quiet, .skip, script, style, template, noscript, option, title, desc, [hidden]")) continue;
    if (!parent.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // The part of a line that is not leading.
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const lead = (bottom - top) * 0.2;
      boxes.push({ text: node.data.trim().slice(0, 40), left, right, top: top + lead, bottom: bottom - lead, node });
    }
  }
  const found = [];
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 1 && a.node !== b.node) found.push(`${a.text} | ${b.text}`);
  }));
  return found;
}

/** Labels of charts that reach beyond their chart, where they are cut. */
function cut(root) {
  const found = [];
  for (const label of document.querySelectorAll(`${root} svg text`)) {
    if (!label.checkVisibility()) continue;
    const box = label.getBoundingClientRect();
    const chart = label.ownerSVGElement.getBoundingClientRect();
    const beyond = [chart.left - box.left, box.right - chart.right, chart.top - box.top, box.bottom - chart.bottom];
    if (Math.max(...beyond) > 1) found.push(`${label.textContent} by ${Math.max(...beyond).toFixed(1)}`);
  }
  return found;
}

/** Texts whose contrast with what is behind them is below 4.5. */
function faint(root) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Set();
  for (const element of document.querySelectorAll(`${root}, ${root} *`)) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".quiet, .skip, :disabled, title, desc")) continue;
    let behind = element;
    while (behind && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const style = getComputedStyle(element);
    const front = light(rgb(element instanceof SVGElement ? style.fill : style.color));
    const back = behind ? light(rgb(getComputedStyle(behind).backgroundColor)) : 1;
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < 4.5) found.add(`${contrast.toFixed(2)} ${element.tagName}.${element.getAttribute("class") || ""}: ${element.textContent.slice(0, 30)}`);
  }
  return [...found];
}

async function looksRight(page, root) {
  // What is scrolled below the bar of a trial is covered by it.
  await page.locator("#sheet").evaluate((sheet) => sheet.scrollTo({ top: 0, behavior: "instant" }));
  assert.deepEqual(await page.evaluate(overlaps, root), [], "texts overlap");
  assert.deepEqual(await page.evaluate(cut, root), [], "labels of charts are cut");
  assert.deepEqual(await page.evaluate(faint, root), [], "texts are too faint");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than its window");
}

/** Opens a case and a trial with the keyboard, goes through the trace, and comes back. */
async function openByKeyboard(page) {
  const toggle = page.locator(".toggle").first();
  await toggle.focus();
  assert.equal(await toggle.getAttribute("aria-expanded"), "false");
  await page.keyboard.press("ArrowRight");
  assert.equal(await toggle.getAttribute("aria-expanded"), "true");
  const name = await toggle.textContent();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "open-trial");
  await page.keyboard.press("Enter");
  await page.locator("#trial .tree").first().waitFor();
  assert.equal(await page.locator("#sheet-title bdi").textContent(), name);
  assert.ok(await page.locator("#sheet").evaluate((sheet) => sheet.matches(":modal")));
  const nodes = page.locator("#trace .node");
  await nodes.first().focus();
  const all = await nodes.evaluateAll((nodes) => nodes.filter((node) => !node.hidden).length);
  assert.ok(all >= 6, `${all} nodes`);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await nodes.evaluateAll((nodes) => nodes.filter((node) => !node.hidden).length), 1);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^chat, opus-4\.1/);
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#trace .fields").textContent(), /gen_ai\.request\.model/);
  await looksRight(page, "#sheet");
}

async function leaveByKeyboard(page) {
  const before = await page.locator("#sheet-title").textContent();
  await page.locator("#sheet-title").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((before) => document.querySelector("#sheet-title").textContent !== before, before);
  const link = page.url();
  assert.match(link, /#case=.+&trial=\d+$/);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#sheet").isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.className), "open-trial");
  return link;
}

async function filter(page, cases) {
  const rows = page.locator("tr.case");
  const shown = Math.min(cases, 200);
  assert.equal(await rows.count(), shown);
  await page.fill("#filter", "baggage");
  const names = await page.locator(".toggle").allTextContents();
  assert.ok(names.length > 0 && names.every((name) => name.includes("baggage")), names.join());
  assert.match(await page.locator("#count").textContent(), / of .+ cases/);
  await page.fill("#filter", "no such thing");
  assert.equal(await rows.count(), 0);
  await page.fill("#filter", "");
  await page.selectOption("#which", "always");
  const always = await page.locator("tr.case td:nth-child(2)").allTextContents();
  assert.ok(always.length > 0 && always.every((text) => text.split(" of ")[0] === text.split(" of ")[1]), always.join());
  await page.selectOption("#which", "all");
  await page.locator("#columns button", { hasText: "case" }).click();
  assert.equal(await page.locator("#columns th").first().getAttribute("aria-sort"), "ascending");
  const sorted = await page.locator(".toggle").allTextContents();
  assert.deepEqual(sorted, [...sorted].sort());
  await page.locator(".reason").first().click();
  assert.ok((await rows.count()) > 0 && (await page.inputValue("#filter")) !== "");
  await page.fill("#filter", "");
}

/** A cell of the strip says which trial it is, and opens it. */
async function strip(page) {
  await page.locator("#strip").scrollIntoViewIfNeeded();
  const box = await page.locator("#strip").boundingBox();
  await page.mouse.move(box.x + 4, box.y + 4);
  const said = (await page.locator("#tip").textContent()).split(" · ");
  await page.mouse.click(box.x + 4, box.y + 4);
  await page.locator("#trial .tree").first().waitFor();
  assert.equal(await page.locator("#sheet-title").textContent(), `${said[0]} ${said[1]}`);
  await page.keyboard.press("Escape");
}

async function theme(page, scheme) {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const system = await background();
  const seen = new Set();
  for (const name of ["light", "dark", "system"]) {
    await page.locator("#theme").click();
    assert.equal(await page.locator("#theme").textContent(), `Theme: ${name}`);
    seen.add(await background());
    if (name === scheme) assert.equal(await background(), system);
  }
  assert.equal(seen.size, 2);
}

async function narrowAndPrinted(page) {
  await page.setViewportSize({ width: 420, height: 800 });
  await looksRight(page, "body");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#theme").isHidden() && await page.locator(".filters").isHidden());
  assert.ok(await page.locator(".curve").isVisible());
  await page.emulateMedia({ media: "screen" });
}

const MORE = {
  small: async (page) => {
    assert.equal(await page.locator(".curve .band").count(), 2);
    assert.match(await page.locator(".curve desc").textContent(), /goes up/);
    await page.locator("summary", { hasText: "The numbers" }).click();
    assert.equal(await page.locator(".numbers tbody tr").count(), 8);
  },
  comparison: async (page) => {
    assert.equal(await page.locator(".forest tbody tr").count(), 3);
    assert.match(await page.locator(".forest").textContent(), /airline-agent\/opus is better/);
    assert.equal(await page.locator(".line.before").count(), 2);
    assert.ok((await page.locator("#columns").textContent()).includes("change"));
  },
  large: async (page) => {
    await page.locator("#more").click();
    assert.equal(await page.locator("tr.case").count(), 400);
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok(nodes < 20_000, `${nodes} elements`);
  },
  "not-graded": async (page) => {
    await page.selectOption("#which", "ungraded");
    assert.ok((await page.locator("tr.case").count()) > 0);
    await page.locator(".toggle").first().click();
    await page.locator(".inner tr", { hasText: "not graded" }).first().locator("button").click();
    await page.locator("#trial .result").waitFor();
    assert.match(await page.locator("#trial").textContent(), /not graded .+3 attempts/);
    await page.keyboard.press("Escape");
    assert.match(await page.locator(".notes").textContent(), /Over 5% not graded/);
  },
};
const CASES = { small: 12, comparison: 80, large: 2500, "not-graded": 24 };

async function use(browser, name, scheme) {
  const address = pathToFileURL(path.join(folder, `${name}.html`)).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: scheme });
  page.setDefaultTimeout(20_000);
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => { if (request.url().split("#")[0] !== address) wrong.push(`request: ${request.url()}`); });
  const started = Date.now();
  await page.goto(address);
  const opened = Date.now() - started;
  assert.ok(opened < 5_000, `opening took ${opened} ms`);
  assert.equal(await page.locator("main, header.masthead, footer, form[role=search]").count(), 4);
  await looksRight(page, "body");
  await page.screenshot({ path: path.join(folder, `${name}-${scheme}.png`), fullPage: CASES[name] < 100 });
  await openByKeyboard(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: path.join(folder, `${name}-${scheme}-trial.png`) });
  const link = await leaveByKeyboard(page);
  await filter(page, CASES[name]);
  await strip(page);
  await theme(page, scheme);
  await MORE[name](page);
  await narrowAndPrinted(page);
  await page.goto("about:blank");
  await page.goto(link);
  await page.locator("#trial .tree").first().waitFor();
  assert.deepEqual(wrong.filter((one) => one !== "request: about:blank"), []);
  await page.close();
  console.log(`ok ${name} ${scheme}: open after ${opened} ms`);
}

(async () => {
  // The pages are the tests' own, and a sandbox is not to be had everywhere.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    for (const scheme of ["light", "dark"]) {
      for (const name of Object.keys(CASES)) {
        try {
          await use(browser, name, scheme);
        } catch (error) {
          error.message = `${name} in ${scheme}: ${error.message}`;
          throw error;
        }
      }
    }
  } finally {
    await browser.close();
  }
})().catch((error) => { console.error(error.stack); process.exit(1); });
