import { expect } from "chai";
import { InvalidField } from "../../../sdk/src/errors/index.js";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { listenAddressOf } from "../../../sdk/src/cli/listenAddress.js";
import { run } from "../../../sdk/src/cli/run.js";
import { nearestName } from "../../../sdk/src/cli/suggest.js";
import { untilSignal } from "../../../sdk/src/cli/untilSignal.js";
import { amountJson, duration, ether, moment, mor } from "../../../sdk/src/cli/words.js";
import { runHere } from "./yellowstone.js";

const MOR = 10n ** 18n;

describe("command line: words", () => {
  it("writes amounts of either sign, moments and durations, however great", () => {
    expect([mor(-5n * MOR), mor(MOR / 2n)]).to.deep.equal(["-5 MOR", "0.5 MOR"]);
    expect(amountJson("net", -MOR)).to.deep.equal({ netWei: `${-MOR}`, netMor: "-1" });
    expect([ether(2n * MOR), ether(MOR / 4n)]).to.deep.equal(["2 ETH", "0.25 ETH"]);
    expect([moment(0n), moment(2n ** 64n)]).to.deep.equal(["1970-01-01 00:00:00 UTC", `${2n ** 64n} s`]);
    expect([-3n, 0n, 61n, 3_600n, 90_061n].map(duration)).to.deep.equal(["0 s", "0 s", "1 min 1 s", "1 h", "1 d 1 h"]);
  });

  it("offers a name only where one is like what was typed", () => {
    expect(nearestName("wacth", ["watch", "relay"])).to.equal("watch");
    expect(nearestName("fly", ["watch", "relay"])).to.equal(undefined);
    expect(nearestName("fly", [])).to.equal(undefined);
  });

  it("reads where to listen, and refuses what is no such place", () => {
    expect(listenAddressOf("[::1]:80", "--listen")).to.deep.equal({ host: "::1", port: 80 });
    for (const place of ["here", "host:", ":80", "70000", "1.5"]) {
      expect(() => listenAddressOf(place, "--listen"), place).to.throw(InvalidField);
    }
  });

  it("says its version and its help when asked, and what it misses when not", async () => {
    for (const option of ["--version", "-v"]) expect((await runHere([option])).out).to.match(/^\d+\.\d+\.\d+\n$/);
    for (const option of ["--help", "-h", "help"]) {
      expect(await runHere([option])).to.include({ code: EXIT.done, err: "" });
    }
    const nothing = await runHere([]);
    expect([nothing.code, nothing.out]).to.deep.equal([EXIT.usage, ""]);
    expect(nothing.err).to.include("Usage: yellowstone COMMAND");
    expect((await runHere(["--rpc", "x", "status"])).err).to.include("a command comes first");
    expect((await runHere(["provider", "-h"])).out).to.include("provider claim");
    expect((await runHere(["status", "--quite-another"])).err)
      .to.include("no such option: --quite-another")
      .and.not.include("mean");
    expect((await runHere(["fly", "home"])).err)
      .to.include("no such command: fly home")
      .and.not.include("mean");
    expect((await runHere(["status", "now", "--help"])).code, "help comes before what is wrong").to.equal(EXIT.done);
  });

  const failing = (error: unknown) => {
    let said = "";
    const out = {
      write: () => {
        throw error;
      },
    };
    const err = { write: (text: string) => ((said += text), true) };
    return run(["--version"], { env: {}, out, err, input: process.stdin }).then((code) => [code, said]);
  };

  it("says in one line what nobody foresaw", async () => {
    expect(await failing(new TypeError("out is gone"))).to.deep.equal([EXIT.failed, "unexpected: out is gone\n"]);
    expect(await failing("gone")).to.deep.equal([EXIT.failed, "unexpected: gone\n"]);
    expect(await failing(null)).to.deep.equal([EXIT.failed, "unexpected: null\n"]);
    const ofEthers = Object.assign(new Error("long"), { shortMessage: "could not coalesce error", code: "UNKNOWN" });
    const [code, said] = await failing(ofEthers);
    expect([code, said]).to.not.include("unexpected");
    expect(code).to.equal(EXIT.chain);
  });

  it("ends in order at the first signal, at once at the second", async () => {
    const exit = process.exit.bind(process);
    const codes: unknown[] = [];
    process.exit = ((code: unknown) => void codes.push(code)) as typeof process.exit;
    try {
      const ended = await untilSignal(async (signal) => {
        process.emit("SIGTERM");
        expect([signal.aborted, codes]).to.deep.equal([true, []]);
        process.emit("SIGINT");
        return Promise.resolve("in order");
      });
      expect([ended, codes]).to.deep.equal(["in order", [EXIT.failed]]);
    } finally {
      process.exit = exit;
    }
  });
});
