import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as sdk from "@yellowstone-compute/sdk";
import {
  createStatusCollector,
  serveStatus,
  type ServeOptions,
  type StatusServer,
  type StatusSnapshot,
} from "@yellowstone-compute/sdk/status-page";
import { networkHelpers } from "../actions/fixture.js";
import { beginCounting, CHROMIUM, keepCounts, openBrowser } from "./browser.js";
import { HandSource, busyPage, crowded } from "./world.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LOOKS = [
  [360, "dark"],
  [1_280, "light"],
] as const;

/** What a page has done that it should not have. */
interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

describe("status page in Chromium", function () {
  if (CHROMIUM === undefined) {
    it("SKIPPED: no Chromium on this machine; set CHROMIUM to one", function () {
      this.skip();
    });
    return;
  }
  const executable = CHROMIUM;
  let browser: Browser;
  let snapshot: StatusSnapshot;
  const servers: StatusServer[] = [];

  before(async () => {
    browser = await openBrowser(executable);
    const { d } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d);
    await collector.collect();
    snapshot = collector.current()!;
  });
  afterEach(async () => {
    await keepCounts(browser);
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  after(() => browser.close());

  async function serve(source: Parameters<typeof serveStatus>[0], options: ServeOptions = {}): Promise<string> {
    const server = await serveStatus(source, { port: 0, everyMs: 0, ...options });
    servers.push(server);
    return server.url;
  }

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    if (options.javaScriptEnabled !== false) await beginCounting(page);
    const complaints: string[] = [];
    page.on("console", (message) => void complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", ({ message }) => void complaints.push(message));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(url);
    if (options.javaScriptEnabled !== false) await page.locator("#live.on").waitFor();
    return { page, complaints };
  }

  const viewport = (width: number) => ({ viewport: { width, height: 800 } });
  const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

  for (const [width, colorScheme] of LOOKS) {
    it(`fits ${width} px, ${colorScheme}, and is accessible`, async () => {
      const url = await serve(new HandSource(snapshot));
      const { page, complaints } = await open(url, { ...viewport(width), colorScheme });
      await page.locator("summary").click();
      const sizes = await page.evaluate("[document.documentElement.scrollWidth, innerWidth, document.title]");
      expect(sizes).to.deep.equal([width, width, "Yellowstone Compute status"]);
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate<AxeResults>(
        "axe.run(document, { resultTypes: ['violations'] })",
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).to.deep.equal([]);
      expect(passes.map(({ id }) => id)).to.include.members(["color-contrast", "landmark-one-main", "label", "region"]);
      expect(complaints).to.deep.equal([]);
    });
  }

  it("shows a claim that is made on the chain while it is open", async () => {
    const { d, claim } = await networkHelpers.loadFixture(busyPage);
    const collector = createStatusCollector(d, { pollMs: 20 });
    await collector.collect();
    const end = new AbortController();
    const running = collector.run(end.signal);
    try {
      const { page, complaints } = await open(await serve(collector), viewport(1_280));
      const paidTo1 = page
        .locator("#provider-rows tr")
        .filter({ has: page.getByRole("rowheader", { name: "1", exact: true }) })
        .locator('[data-label="Paid"]');
      expect(await paidTo1.innerText()).to.equal("0.0000");
      await claim([1]);
      await paidTo1.getByText("1.0000").waitFor();
      await page.locator("#said").getByText("1 provider was paid 1.0000 MOR.").waitFor();
      expect(await page.locator("#said").getAttribute("aria-live")).to.equal("polite");
      expect(await textOf(page, "#provider-totals")).to.include("6.5000");
      expect(await page.title(), "the hostile provider's text is only text").to.equal("Yellowstone Compute status");
      expect(complaints).to.deep.equal([]);
    } finally {
      end.abort();
      await running;
    }
  });

  it("counts the veto window down by itself, to its end", async () => {
    const row = snapshot.attestations.find(({ standing }) => standing === "pending")!;
    const soon = { ...row, activeAt: sdk.unixSeconds(snapshot.block.timestamp + 3n) };
    const source = new HandSource(snapshot);
    const { page } = await open(await serve(source), viewport(360));
    source.tell({ ...snapshot, attestations: [soon], readAtMs: Date.now() });
    const countdown = page.locator("#attestation-rows [data-until]");
    const seen = new Set<string>();
    for (let i = 0; i < 50 && !seen.has("over"); i++) {
      seen.add(await countdown.innerText());
      await page.waitForTimeout(100);
    }
    expect([...seen]).to.include.members(["1 s", "over"]);
  });

  it("can be used by keyboard alone, and keeps the focus through an update", async () => {
    const source = new HandSource(crowded(snapshot, 250));
    const { page, complaints } = await open(await serve(source), viewport(1_280));
    const focused = () => page.evaluate<string>("document.activeElement.id || document.activeElement.textContent");
    await page.keyboard.press("Tab");
    expect(await focused()).to.equal("To the figures");
    await page.keyboard.press("Enter");
    expect(await focused()).to.equal("main");
    const order: string[] = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press("Tab");
      order.push(await focused());
    }
    expect(order).to.deep.equal(["moment", "The curves in figures", "Next", "Last", "JSON"]);
    // The slider says each moment in words, and points at it.
    await page.locator("#moment").focus();
    await page.keyboard.press("Home");
    const text = await page.locator("#moment").getAttribute("aria-valuetext");
    expect(text).to.match(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: free [\d,.]+, owed [\d,.]+, budget [\d,.]+, left [\d,.]+ MOR$/,
    );
    expect(await textOf(page, "#moment-text")).to.equal(text);
    expect(await page.locator(".cursor").first().getAttribute("visibility")).to.equal("visible");
    await page.locator("#paging a[rel=next]").focus();
    source.tell({ ...crowded(snapshot, 350), news: [{ blockNumber: 1, text: "More came." }, ...snapshot.news] });
    await page.locator("#paging").getByText("Page 1 of 4").waitFor();
    expect(await focused()).to.equal("Next");
    expect(await page.locator("#moment").getAttribute("aria-valuetext"), "the slider stays").to.equal(text);
    expect(complaints).to.deep.equal([]);
  });

  it("turns to the next providers by a link", async () => {
    const { page } = await open(await serve(new HandSource(crowded(snapshot, 250))), viewport(1_280));
    await page.locator("#paging a[rel=next]").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/page=2#providers$/);
    expect(await textOf(page, "#provider-rows tr:first-child th")).to.equal("100");
  });

  it("has its figures without JavaScript, and says when it is no longer live", async () => {
    const url = await serve(new HandSource(snapshot));
    const { page } = await open(url, { ...viewport(360), javaScriptEnabled: false });
    expect(await textOf(page, "#tiles")).to.include("1,488.4600");
    expect(await textOf(page, "#live")).to.equal("Figures of the moment.");
    expect(await page.locator("#slider").isVisible(), "nothing that would do nothing").to.equal(false);
    const live = await open(url, viewport(360));
    await servers.splice(0)[0]!.close();
    await live.page.locator("#live.off").waitFor();
    expect(await textOf(live.page, "#live")).to.include("Not live");
  });

  it("comes by itself when the first figures do", async () => {
    const source = new HandSource();
    const url = await serve(source);
    const page = await (await browser.newContext()).newPage();
    await beginCounting(page);
    await page.goto(url);
    expect(await textOf(page, "main")).to.include("are being read");
    source.tell(snapshot);
    await page.locator("#live.on").waitFor();
    expect(await textOf(page, "#tiles")).to.include("1,488.4600");
  });

  it("passes over a part that it does not have, and takes the others", async () => {
    const source = new HandSource(snapshot);
    const { page, complaints } = await open(await serve(source), viewport(360));
    await page.evaluate("document.getElementById('happened').remove()");
    source.tell({ ...crowded(snapshot, 7), news: [{ blockNumber: 1, text: "More came." }] });
    await page.locator("#said").getByText("More came.").waitFor();
    expect(await textOf(page, "#provider-totals")).to.include("7 providers");
    expect(complaints).to.deep.equal([]);
  });

  it("leaves a moment that was taken back for the newest, and points at none where none is drawn", async () => {
    const points = [0, 1, 2, 3].map((i) => ({ ...snapshot.points[0]!, at: sdk.unixSeconds(1_000 + i) }));
    const source = new HandSource({ ...snapshot, points });
    const { page, complaints } = await open(await serve(source), viewport(360));
    const slider = page.locator("#moment");
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    expect([await slider.inputValue(), await slider.getAttribute("max")]).to.deep.equal(["2", "3"]);
    const another = { ...snapshot.points[0]!, at: sdk.unixSeconds(2_000) };
    source.tell({ ...snapshot, points: [...points, another] });
    await page.locator('#moment[max="4"]').waitFor();
    expect(await slider.inputValue(), "it stays at its moment").to.equal("2");
    source.tell({ ...snapshot, points: points.slice(0, 2) });
    await page.locator('#moment[max="1"]').waitFor();
    expect(await slider.inputValue()).to.equal("1");
    expect(await page.locator(".cursor").first().getAttribute("visibility")).to.equal("hidden");
    source.tell({ ...snapshot, points: [] });
    await slider.waitFor({ state: "hidden" });
    expect(await slider.getAttribute("aria-valuetext")).to.equal("");
    expect(complaints).to.deep.equal([]);
  });

  it("asks again ten seconds after it was sent away", async () => {
    const url = await serve(new HandSource(snapshot), { maxReaders: 1 });
    const other = new AbortController();
    await fetch(`${url}/events`, { signal: other.signal });
    const page = await (await browser.newContext()).newPage();
    await beginCounting(page);
    await page.clock.install();
    await page.goto(url);
    await page.locator("#live.off").waitFor();
    other.abort();
    while (servers[0]!.readers > 0) await page.waitForTimeout(10);
    await page.clock.runFor(10_000);
    await page.locator("#live.on").waitFor();
  });

  it("waits on when the connection is lost before the first figures", async () => {
    const url = await serve(new HandSource());
    const page = await (await browser.newContext()).newPage();
    await beginCounting(page);
    const failures: string[] = [];
    page.on("pageerror", ({ message }) => void failures.push(message));
    const asked = page.waitForResponse(`${url}/events?page=1`);
    await page.goto(url);
    await asked;
    const lost = page.waitForEvent("console", { predicate: (message) => message.type() === "error" });
    await servers.splice(0)[0]!.close();
    await lost;
    expect(await textOf(page, "main")).to.include("are being read");
    expect(failures).to.deep.equal([]);
  });
});
