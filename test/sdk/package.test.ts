import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";

const manifest = JSON.parse(readFileSync(new URL("../../sdk/package.json", import.meta.url), "utf8")) as {
  exports: Record<string, unknown>;
};

/** Doors whose verbs are too general for the main door: there they stand under one name. */
const GROUPED: Readonly<Record<string, unknown>> = { "./reserve": sdk.books };

describe("package", () => {
  for (const path of Object.keys(manifest.exports).filter((entry) => entry !== "." && !entry.endsWith(".json"))) {
    it(`${path}: opens, and the main door gives the same`, async () => {
      const part = (await import(`@yellowstone-compute/sdk/${path.slice(2)}`)) as Record<string, unknown>;
      const names = Object.keys(part);
      expect(names).to.not.be.empty;
      const main = (GROUPED[path] ?? sdk) as Record<string, unknown>;
      for (const name of names) expect(Object.is(main[name], part[name]), name).to.equal(true);
    });
  }
});
