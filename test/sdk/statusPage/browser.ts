import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { ROOT } from "../../utils/script.js";

/** Places where a Chromium may stand: the one that is named first. */
const PLACES: readonly string[] = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium of this machine; undefined when there is none. */
export const CHROMIUM = PLACES.find((place) => place !== "" && existsSync(place));

/** Start it without a window, with an empty profile and nothing that would ask another host. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Where `npm run coverage` gathers what processes execute; pages are counted for it too. */
const COUNTS = process.env["NODE_V8_COVERAGE"];
const counted = new Set<Page>();
let pagesCounted = 0;

/** Count from now on what `page` executes, if anybody counts. */
export async function beginCounting(page: Page): Promise<void> {
  if (COUNTS === undefined) return;
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  counted.add(page);
}

/** Leave what the pages of `browser` executed of the built scripts, as a process of Node would. */
export async function keepCounts(browser: Browser): Promise<void> {
  if (COUNTS === undefined) return;
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    if (!counted.delete(page)) continue;
    const result = (await page.coverage.stopJSCoverage()).map(({ url, functions }) => {
      const built = join(ROOT, "sdk/dist/statusPage", new URL(url).pathname);
      return { url: pathToFileURL(built).href, functions };
    });
    writeFileSync(join(COUNTS, `coverage-page-${process.pid}-${pagesCounted++}.json`), JSON.stringify({ result }));
  }
}
