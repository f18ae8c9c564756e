import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { ChainRequestFailed, KeyUnavailable } from "@yellowstone-compute/sdk/errors";
import { createLog } from "@yellowstone-compute/sdk/service";
import { failureOf } from "../../../sdk/dist/service/log.js";
import { ROOT } from "../../utils/script.js";

describe("service: log", () => {
  it("goes to standard output, a line each, when nobody says where to", () => {
    const code = `import { createLog } from "./sdk/dist/service/log.js";
      const log = createLog("info");
      log.info({ seq: "1" }, "said");
      log.debug({}, "not said");`;
    const args = ["--input-type=module", "--eval", code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(stderr).to.equal("");
    expect(JSON.parse(stdout)).to.include({ level: "info", seq: "1", msg: "said", service: "yellowstone-router" });
  });

  it("writes no secret, wherever it stands", () => {
    let text = "";
    const log = createLog("info", { write: (line) => void (text += line) });
    log.info({ privateKey: "SECRET", at: { password: "SECRET", deeper: { mnemonic: "SECRET" } } }, "said");
    expect(text).to.include("[redacted]").and.not.include("SECRET");
  });

  it("says of a failure what it says of itself, and of any other its words without URLs", () => {
    const typed = new ChainRequestFailed("no", "later", new Error("at wss://me:pw@node/ and http://x/y?token=1 there"));
    expect(failureOf(typed)).to.deep.include({ code: "ChainRequestFailed", cause: "at [url] and [url] there" });
    expect(failureOf(new KeyUnavailable("here", "gone"))).to.not.have.property("cause");
    expect(failureOf(new TypeError("https://node/token"))).to.deep.equal({ code: "Unexpected", message: "[url]" });
    expect(failureOf("only words")).to.deep.equal({ code: "Unexpected", message: "only words" });
    expect(String(failureOf(new Error("x".repeat(1_000)))["message"])).to.have.length(500);
  });
});
