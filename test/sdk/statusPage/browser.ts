import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

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
