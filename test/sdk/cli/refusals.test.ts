import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson, id } from "ethers";
import { EXIT } from "../../../sdk/src/cli/command.js";
import { deployWithProviders, ethers } from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import { runHere, SENDER_KEY, STRANGER_KEY } from "./yellowstone.js";

const SOMEBODY = `0x${"5a".repeat(20)}`;
const NOBODY_LISTENS = "http://127.0.0.1:1";

describe("command line: what it does not take", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-"));
  const file = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;
  let keyed: Record<string, string>;

  before(async () => {
    suite = await deployWithProviders(2);
    node = await serveChain(ethers.provider);
    const { compute, lens } = suite.d.addresses;
    env = { YELLOWSTONE_RPC: node.url, YELLOWSTONE_COMPUTE: compute, YELLOWSTONE_LENS: lens };
    keyed = { ...env, YELLOWSTONE_KEY: SENDER_KEY };
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function refused(
    args: readonly string[],
    said: RegExp,
    where: Record<string, string> = keyed,
    meeting: Parameters<typeof runHere>[2] = {},
  ): Promise<void> {
    const sent = node.methods.length;
    const { code, out, err } = await runHere(args, where, meeting);
    expect(err).to.match(said);
    expect(code, err).to.not.equal(EXIT.done);
    expect(out).to.equal("");
    expect(node.methods.slice(sent).filter((method) => /send/i.test(method))).to.deep.equal([]);
    expect(err).to.not.include(SENDER_KEY.slice(2));
  }

  const inputs: readonly [string, readonly string[], RegExp][] = [
    ["two files to sign", ["router", "sign", "a", "b"], /at most 1 arguments/],
    ["a hash that is cut", ["quota", "--router", NOBODY_LISTENS, "--user", SOMEBODY, "--model", "0x12"], /32 bytes/],
    ["an amount with a comma", ["provider", "bond", "add", "--id", "0", "--amount", "1,5"], /MOR in decimals/],
    ["a bond without an amount", ["provider", "bond", "add", "--id", "0"], /--amount MOR is missing/],
    ["a node of another kind", ["status", "--rpc", "ftp://x"], /--rpc: expected an http or https URL/],
    ["a page's address without a page", ["status", "--listen", "8080"], /--listen goes with --serve/],
    ["both sources of a quota", ["quota", "--router", "http://x", "--bid", "1"], /either --router or --bid/],
    ["a router's quota of no model", ["quota", "--router", NOBODY_LISTENS], /--model HASH is missing/],
    ["both ends of a proposal", ["provider", "payout", "propose", "--id", "0", "--to", SOMEBODY, "--cancel"], /either/],
    ["a least gain without a price", ["provider", "claim", "--id", "0", "--min-net", "1"], /needs --mor-per-ether/],
    [
      "a bid for no model",
      ["provider", "bid", "--id", "0", "--router", NOBODY_LISTENS, "--price", "1"],
      /--model HASH/,
    ],
    [
      "a bid of no price",
      ["provider", "bid", "--id", "0", "--router", NOBODY_LISTENS, "--model", id("m")],
      /--price WEI/,
    ],
    ["a file that is not there", ["router", "sign", join(scratch, "nowhere")], /cannot be read/],
    ["a season where there is none", ["season", "ranking", "--season", "0"], /season/],
    ["any season where there is none", ["season", "ranking"], /season/],
    [
      "a bid for no router",
      ["provider", "bid", "--id", "0", "--model", id("m"), "--price", "1", "--endpoint", "http://x"],
      /--router/,
    ],
  ];
  for (const [what, args, said] of inputs) it(`refuses ${what}`, () => refused(args, said));

  it("refuses a deployment that is not one, by its file", async () => {
    await refused(["status", "--deployment", join(scratch, "nowhere.json")], /a file that can be read/);
    await refused(["status", "--deployment", file("text.json", "{")], /a file of JSON/);
    await refused(["status", "--deployment", file("list.json", "[]")], /a section with fields/);
    const { compute, lens } = suite.d.addresses;
    const odd = JSON.stringify({ compute, lens, colour: "red" });
    await refused(["status", "--deployment", file("odd.json", odd)], /colour/);
    const elsewhere = file("elsewhere.json", JSON.stringify({ chainId: 1, compute, lens }));
    await refused(["status", "--deployment", elsewhere], /chain/, { YELLOWSTONE_RPC: node.url });
  });

  it("takes the other addresses of a deployment's file only with the contract that it names", async () => {
    const { compute, lens, routers: registry } = suite.d.addresses;
    const own = file("own.json", JSON.stringify({ compute, lens, registry }));
    await refused(["status", "--deployment", own, "--compute", compute], /registry/, { YELLOWSTONE_RPC: node.url });
    const other = file("other.json", JSON.stringify({ compute: SOMEBODY, lens, registry }));
    const taken = await runHere(["status", "--deployment", other, "--compute", compute, "--lens", lens], env);
    expect(taken.code, taken.err).to.equal(EXIT.done);
  });

  it("refuses half a deployment on a chain where none is published", async () => {
    const { compute, lens } = suite.d.addresses;
    const alone = { YELLOWSTONE_RPC: node.url };
    await refused(["status", "--lens", lens], /--lens without --compute/, alone);
    await refused(["status", "--compute", compute], /--lens ADDRESS is missing/, alone);
    await refused(["status"], /chain 31337/, alone);
  });

  it("refuses keys that are none, too many, or not the account's", async () => {
    const claim = ["provider", "bond", "add", "--id", "0", "--amount", "1", "--yes"];
    await refused(claim, /no key is named/, env);
    await refused([...claim, "--keystore", "a", "--key-env", "B"], /one key is enough: --keystore, --key-env/, env);
    await refused([...claim, "--key-env", SENDER_KEY.slice(2)], /takes the name of an environment variable/, env);
    await refused([...claim, "--key-env", "NOT_SET"], /NOT_SET/, env);
    await refused([...claim, "--from", SOMEBODY], /is not the key's account/);
    await refused([...claim, "--signer", NOBODY_LISTENS], /does not answer/, env);
  });

  it("takes the password of a keystore from a file, from the environment or from a terminal, and says which is missing", async () => {
    const account = { address: suite.sender.address, privateKey: SENDER_KEY };
    const json = await encryptKeystoreJson(account, "right", { scrypt: { N: 2, r: 1, p: 1 } });
    const announce = ["provider", "exit", "announce", "--id", "0", "--dry-run", "--keystore", file("key.json", json)];
    const done = async (more: readonly string[], where: Record<string, string>, meeting = {}): Promise<string> => {
      const { code, err } = await runHere([...announce, ...more], where, meeting);
      expect(code, err).to.equal(EXIT.done);
      return err;
    };
    await done(["--password-file", file("password", "right\n")], env);
    await done([], { ...env, YELLOWSTONE_PASSWORD: "right" });
    const asked = await done([], env, { input: "right\n", isTTY: true });
    expect(asked).to.include("Password of").and.not.include("right");
    await refused(announce, /no password/, env);
    await refused([...announce, "--password-file", join(scratch, "none")], /cannot be read/, env);
    await refused(announce, /keystore/, env, { isTTY: true });
    await refused(announce, /keystore/, env, { isTTY: true, input: "\u0003" });
  });

  it("refuses to register for nobody, and metadata that is given twice or is not there", async () => {
    const register = ["provider", "register", "--payout", SOMEBODY, "--yes"];
    await refused([...register, "--dry-run"], /--owner or --from is missing/, env);
    const metadata = file("metadata.json", "{}");
    await refused([...register, "--metadata", metadata, "--content-hash", id("x")], /either --metadata or/);
    await refused([...register, "--metadata", join(scratch, "none")], /cannot be read/);
  });

  it("refuses what the owner alone may do, from a stranger, before it sends", async () => {
    const stranger = { ...env, YELLOWSTONE_KEY: STRANGER_KEY };
    await refused(["provider", "exit", "announce", "--id", "0", "--yes"], /owner/i, stranger);
  });
});
