import { expect } from "chai";
import { COMMANDS } from "../../../sdk/src/cli/catalogue.js";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { freePort } from "../../utils/node.js";
import { failureOf, runHere, SENDER_KEY, start, yellowstone } from "./yellowstone.js";

const AT = `0x${"11".repeat(20)}`;

describe("command line", () => {
  it("lists every command, and each explains itself with an example that is its own", async () => {
    const { code, out } = await yellowstone(["--help"]);
    expect(code).to.equal(0);
    for (const entry of COMMANDS) {
      const { name } = entry;
      expect(out).to.include(`yellowstone ${name} `);
      const help = await runHere([...name.split(" "), "--help"]);
      expect(help.code, name).to.equal(0);
      expect(help.out, name)
        .to.match(/^Usage: yellowstone /)
        .and.to.include("--json");
      const { examples, options } = await entry.load();
      expect(examples, name).to.not.be.empty;
      for (const example of examples) {
        expect(example, name).to.include(name.split(" ")[0]);
        expect(help.out, name).to.include(example);
        for (const [, option = ""] of example.matchAll(/--([a-z-]+)/g)) {
          expect({ ...options, json: {} }, `${name}: --${option}`).to.have.property(option);
        }
      }
      for (const number of Object.values(EXIT)) expect(help.out, name).to.match(new RegExp(`\\b${number}\\s[a-z]`));
    }
  });

  const mistakes: readonly [string, readonly string[], string][] = [
    ["a mistyped command", ["provder", "claim"], "did you mean provider claim?"],
    ["a mistyped second word", ["provider", "clame"], "did you mean provider claim?"],
    ["a mistyped option", ["status", "--rcp", "x"], "did you mean --rpc?"],
    ["an option without its value", ["status", "--rpc"], "--rpc needs a value: URL"],
    ["an option where a value should be", ["status", "--rpc", "--json"], "--rpc needs a value"],
    ["a flag with a value", ["provider", "claim", "--yes=1"], "--yes takes no value"],
    ["an option twice", ["provider", "credit", "--id", "1", "--id", "2"], "--id is given twice"],
    ["an argument too many", ["status", "now"], "it takes options only"],
    ["what is missing", ["provider", "credit"], "--id is missing"],
    ["an id that is none", ["provider", "claim", "--id", "4,x"], "--id: expected a whole number"],
    [
      "an address with a wrong checksum",
      ["status", "--compute", `0x${"aB".repeat(20)}`, "--rpc", "http://x"],
      "--compute",
    ],
    [
      "an amount with a comma",
      ["provider", "bond", "add", "--id", "1", "--amount", "1,5", "--rpc", "http://127.0.0.1:1"],
      "",
    ],
    [
      "two keys",
      ["provider", "claim", "--id", "1", "--keystore", "a", "--key-env", "B", "--rpc", "http://127.0.0.1:1"],
      "",
    ],
    ["no source to relay", ["relay"], "name a SOURCE"],
    ["a source that is not there", ["relay", "nowhere.json"], "nowhere.json: no such file"],
  ];
  for (const [what, args, said] of mistakes) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await runHere(args);
      // Who cannot reach a node does not come as far as amounts and keys.
      expect(code, err).to.equal(said === "" ? EXIT.chain : EXIT.usage);
      expect(err).to.include(said);
      expect(out).to.equal("");
    });
  }

  it("lists the commands of a group", async () => {
    const { code, out, err } = await runHere(["provider", "payout"]);
    expect([code, out]).to.deep.equal([EXIT.usage, ""]);
    expect(err).to.include("provider payout apply").and.not.include("provider claim");
    expect((await runHere(["provider", "payout", "--help"])).code).to.equal(0);
  });

  it("takes no key from the command line, and repeats none", async () => {
    for (const option of ["--key", "--private-key", "--secret", "--mnemonic", "--password"]) {
      const { code, out, err } = await yellowstoneOrHere(option);
      expect(code).to.equal(EXIT.usage);
      expect(err).to.include("no key or password stands on a command line");
      expect(out + err).to.not.include(SENDER_KEY.slice(2));
    }
    const pasted = await runHere(["provider", "claim", "--id", "0", "--key-env", SENDER_KEY]);
    expect(pasted.err).to.not.include(SENDER_KEY.slice(2));
  });

  const yellowstoneOrHere = (option: string) =>
    option === "--key"
      ? yellowstone(["provider", "claim", "--id", "0", option, SENDER_KEY])
      : runHere(["provider", "claim", "--id", "0", `${option}=${SENDER_KEY}`]);

  it("ends with 5 where no node answers, and says so in JSON", async () => {
    const rpc = `http://127.0.0.1:${await freePort()}`;
    const error = failureOf(
      await yellowstone(["status", "--json", "--rpc", rpc, "--compute", AT, "--lens", AT]),
      EXIT.chain,
    );
    expect(error["code"]).to.equal("ChainRequestFailed");
    expect(error).to.include.keys("message", "next", "retry");
  });

  it("ends with 3 for a deployment file that is none", async () => {
    const { code, err } = await runHere(["status", "--rpc", "http://127.0.0.1:1", "--deployment", "package.json"]);
    expect(code).to.equal(EXIT.configuration);
    expect(err).to.include("deployment");
  });

  it("takes it as no failure that whoever reads it goes away", async () => {
    const running = start(["--help"]);
    running.child.stdout?.destroy();
    expect(await running.finished).to.deep.equal({ code: 0, out: "", err: "" });
  });

  it("ends with 2 without a node's URL", async () => {
    expect((await runHere(["status"])).code).to.equal(EXIT.usage);
    expect((await runHere(["status"], { YELLOWSTONE_RPC: "ftp://x" })).code).to.equal(EXIT.usage);
  });
});
