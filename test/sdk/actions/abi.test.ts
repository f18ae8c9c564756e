import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { renderAbis } from "../../../scripts/tools/abi.js";

describe("ABIs", () => {
  it("are those of the artifacts (npm run abi writes them)", async () => {
    for (const [name, text] of await renderAbis()) {
      const path = join(import.meta.dirname, "..", "..", "..", "sdk", "src", "abi", name);
      expect(readFileSync(path, "utf8") === text, `${name} is up to date`).to.equal(true);
    }
  }).timeout(30_000);
});
