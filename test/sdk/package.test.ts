import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";

const manifest = JSON.parse(readFileSync(new URL("../../sdk/package.json", import.meta.url), "utf8")) as {
  exports: Record<string, { readonly default: string } | undefined>;
};

/** Doors whose verbs are too general for the main door: there they stand under one name. */
const GROUPED: Readonly<Record<string, unknown>> = { "./reserve": sdk.books };

/** Doors that need Node: the main door, which opens in a browser too, leaves them out. */
const NODE_DOORS: readonly string[] = ["./journal", "./service", "./status-page"];
const PACKAGE = new URL("../../sdk/", import.meta.url);

/** Modules outside the package that a file of it imports, itself or by others; at once, not on demand. */
function importsOf(file: URL, seen = new Set<string>()): string[] {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const text = readFileSync(file, "utf8").replace(/\/\*[^]*?\*\//g, "");
  const names = [...text.matchAll(/^(?:import|export)\b[^;]*?"([^"]+)";/gm)].map(([, name = ""]) => name);
  return names.flatMap((name) => (name.startsWith(".") ? importsOf(new URL(name, file), seen) : [name]));
}

describe("package", () => {
  const doors = Object.keys(manifest.exports).filter((entry) => entry !== "." && !entry.endsWith(".json"));

  const fileOf = (door: string) => new URL(manifest.exports[door]?.default ?? "", PACKAGE);

  it("opens without Node, but for the doors that say so", () => {
    const ofNode = (door: string) => importsOf(fileOf(door)).filter((name) => name.startsWith("node:"));
    const free = [".", ...doors.filter((door) => !NODE_DOORS.includes(door))];
    for (const door of free) expect(ofNode(door), door).to.deep.equal([]);
    expect(importsOf(fileOf(".")), "the walk finds something").to.include("hash-wasm");
    for (const door of NODE_DOORS) expect(ofNode(door), door).to.not.be.empty;
  });

  for (const path of NODE_DOORS) {
    it(`${path}: opens, and says nothing twice`, async () => {
      const part = (await import(`@yellowstone-compute/sdk/${path.slice(2)}`)) as Record<string, unknown>;
      expect(Object.keys(part)).to.not.be.empty;
      for (const name of Object.keys(part)) expect(sdk, name).to.not.have.property(name);
    });
  }

  for (const path of doors.filter((door) => !NODE_DOORS.includes(door))) {
    it(`${path}: opens, and the main door gives the same`, async () => {
      const part = (await import(`@yellowstone-compute/sdk/${path.slice(2)}`)) as Record<string, unknown>;
      const names = Object.keys(part);
      expect(names).to.not.be.empty;
      const main = (GROUPED[path] ?? sdk) as Record<string, unknown>;
      for (const name of names) expect(Object.is(main[name], part[name]), name).to.equal(true);
    });
  }
});
