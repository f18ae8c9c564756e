import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encryptKeystoreJson } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { EXIT } from "../../../sdk/src/cli/command.js";
import {
  ACTIVATION_DELAY,
  attestationOf,
  CHANGE_DELAY,
  deployWithProviders,
  ethers,
  networkHelpers,
  payoutOf,
  UNBONDING_DELAY,
} from "../actions/fixture.js";
import { serveChain, type Served } from "./served.js";
import {
  callsOf,
  failureOf,
  jsonOf,
  outcomesOf,
  runHere,
  SENDER_KEY,
  STRANGER_KEY,
  yellowstone,
} from "./yellowstone.js";

const PAYOUT = sdk.address(`0x${"5a".repeat(20)}`);

describe("command line: providers", function () {
  this.timeout(60_000);
  const scratch = mkdtempSync(join(tmpdir(), "cli-"));
  const snapshot = join(scratch, "snapshot.json");
  let node: Served;
  let suite: Awaited<ReturnType<typeof deployWithProviders>>;
  let env: Record<string, string>;

  before(async () => {
    suite = await deployWithProviders(3);
    node = await serveChain(ethers.provider);
    const { chainId, addresses, codeHash } = suite.d;
    const deployedInBlock = await ethers.provider.getBlockNumber();
    const deployment = join(scratch, "deployment.json");
    writeFileSync(deployment, JSON.stringify({ chainId: Number(chainId), codeHash, ...addresses, deployedInBlock }));
    env = { YELLOWSTONE_RPC: node.url, YELLOWSTONE_DEPLOYMENT: deployment, YELLOWSTONE_SNAPSHOT: snapshot };
  });
  after(async () => {
    await node.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const withKey = (key: string) => ({ ...env, YELLOWSTONE_KEY: key });
  const nonceOf = () => ethers.provider.getTransactionCount(suite.sender.address);
  /** Run a command that must send nothing. */
  async function sendsNothing<T>(act: () => Promise<T>): Promise<T> {
    const [before, sent] = [await nonceOf(), node.methods.length];
    const result = await act();
    expect(await nonceOf(), "nonce").to.equal(before);
    expect(node.methods.slice(sent).filter((method) => /send/i.test(method))).to.deep.equal([]);
    return result;
  }

  it("status: the pool in words and in JSON", async () => {
    const { code, out } = await runHere(["status"], env);
    expect(code).to.equal(0);
    expect(out).to.include("allowance").and.include(suite.d.addresses.compute).and.not.include("\u001b");
    const json = jsonOf(await yellowstone(["status", "--json"], env));
    const { pool, head } = await sdk.readState(suite.d);
    expect(json["pool"]).to.include({
      allowanceWei: pool.allowanceWei.toString(),
      allowanceMor: sdk.formatMor(pool.allowanceWei),
    });
    expect(json["head"]).to.include({ lastSeq: head.lastSeq.toString(), headRoot: head.headRoot });
    expect((json["routers"] as { threshold: number }).threshold).to.equal(2);
  });

  it("colours on a terminal, and not with NO_COLOR", async () => {
    const args = ["provider", "claim", "--id", "0", "--dry-run"];
    const announce = ["provider", "exit", "announce", "--id", "0", "--dry-run"];
    const painted = await runHere(announce, env, { isTTY: true });
    expect(painted.out).to.include("\u001b[1m");
    for (const plain of [
      { ...env, NO_COLOR: "1" },
      { ...env, TERM: "dumb" },
    ]) {
      expect((await runHere(announce, plain, { isTTY: true })).out).to.not.include("\u001b[1m");
    }
    expect((await runHere(args, env)).out).to.include("nothing is due");
  });

  it("quota: from the chain, step by step", async () => {
    const args = ["quota", "--user", suite.sender.address, "--bid", "1000000000000", "--json"];
    const json = jsonOf(await runHere(args, env));
    const { pool } = await sdk.readState(suite.d, json["block"] as number);
    expect(json).to.include({ source: "chain", budgetWei: pool.budgetWei.toString() });
    expect(json["steps"]).to.have.length(6);
    expect((await runHere(["quota", "--user", PAYOUT], env)).code, "neither bid nor router").to.equal(EXIT.usage);
    const today = await runHere([...args, "--from-block", "0"], env);
    expect(failureOf(today, EXIT.usage)["message"]).to.include("the block of the deployment: it is of today");
  });

  it("register: a dry run decodes both calls and sends nothing; a keystore sends them", async () => {
    const args = ["provider", "register", "--payout", PAYOUT, "--bond", "2.5", "--uri", "ipfs://about", "--json"];
    await (await suite.token.approve(suite.d.addresses.registry, 0)).wait();
    const dry = jsonOf(await sendsNothing(() => runHere([...args, "--dry-run", "--from", suite.sender.address], env)));
    expect(dry).to.include({ dryRun: true, from: suite.sender.address });
    const [approve, register] = callsOf(dry);
    expect(approve).to.include({ contract: "token", function: "approve(address,uint256)", failure: null });
    expect(BigInt(String(approve?.feeWei))).to.be.greaterThan(0n);
    expect(register).to.include({ to: suite.d.addresses.registry, contract: "registry" });
    expect(register?.args).to.deep.include({ payout: PAYOUT, bondWei: (25n * 10n ** 17n).toString() });

    await sendsNothing(async () => {
      const error = failureOf(await runHere(args, withKey(SENDER_KEY)), EXIT.unconfirmed);
      expect(error["code"]).to.equal("ConfirmationMissing");
    });
    const [keystore, password] = [join(scratch, "key.json"), join(scratch, "password")];
    const scrypt = { N: 1_024, r: 8, p: 1 };
    const account = { address: suite.sender.address, privateKey: SENDER_KEY };
    writeFileSync(keystore, await encryptKeystoreJson(account, "a password", { scrypt }));
    writeFileSync(password, "a password\n");
    const json = jsonOf(
      await yellowstone([...args, "--yes", "--keystore", keystore, "--password-file", password], env),
    );
    const id = BigInt(String(outcomesOf(json)[1]?.["id"]));
    expect(await sdk.readProvider(suite.d, id)).to.include({
      owner: suite.sender.address,
      payout: PAYOUT,
      bondWei: 25n * 10n ** 17n,
    });

    writeFileSync(password, "another");
    const wrong = await runHere([...args, "--yes", "--keystore", keystore, "--password-file", password], env);
    expect(failureOf(wrong, EXIT.configuration)["code"]).to.equal("KeyUnavailable");
    expect((await runHere([...args, "--yes", "--keystore", keystore], env)).code, "no password").to.equal(
      EXIT.configuration,
    );
    expect((await runHere([...args, "--yes", "--key-env", "NOT_SET"], env)).code).to.equal(EXIT.configuration);
  });

  it("bond add: by an external signer, the node's unlocked account", async () => {
    const before = await sdk.readProvider(suite.d, 1);
    const args = ["provider", "bond", "add", "--id", "1", "--amount", "1.5", "--yes", "--json"];
    const json = jsonOf(await yellowstone([...args, "--signer", node.url, "--from", suite.sender.address], env));
    expect(outcomesOf(json).at(-1)).to.include({ addedMor: "1.5" });
    expect((await sdk.readProvider(suite.d, 1)).bondWei).to.equal(before.bondWei + 15n * 10n ** 17n);
    expect(node.methods).to.include("eth_sendTransaction");
    const stranger = await runHere([...args, "--signer", node.url, "--from", PAYOUT], env);
    expect(failureOf(stranger, EXIT.configuration)["code"]).to.equal("ExternalSignerFailed");
  });

  it("payout propose and apply: the owner's key, after the delay", async () => {
    const propose = ["provider", "payout", "propose", "--id", "1", "--to", PAYOUT, "--yes", "--json"];
    await sendsNothing(async () => {
      const refused = failureOf(await runHere(propose, withKey(STRANGER_KEY)), EXIT.refused);
      expect(refused["code"]).to.equal("RegistryNotOwner");
      const dry = jsonOf(await runHere([...propose, "--dry-run"], env));
      expect(dry["from"], "as of the owner").to.equal(suite.sender.address);
    });
    const json = jsonOf(await yellowstone(propose, withKey(SENDER_KEY)));
    const { effectiveAt } = outcomesOf(json)[0] as { effectiveAt: string };
    expect((await sdk.readProvider(suite.d, 1)).pendingPayout).to.deep.equal({
      to: PAYOUT,
      effectiveAt: BigInt(effectiveAt),
    });
    const apply = ["provider", "payout", "apply", "--id", "1", "--yes", "--json"];
    expect(failureOf(await runHere(apply, withKey(STRANGER_KEY)), EXIT.refused)["code"]).to.equal("RegistryTooEarly");
    const early = await runHere([...apply, "--dry-run"], env);
    expect(callsOf(jsonOf(early, EXIT.refused))[0]?.failure?.code, "a dry run says it too").to.equal(
      "RegistryTooEarly",
    );
    await networkHelpers.time.increase(CHANGE_DELAY);
    jsonOf(await yellowstone(apply, withKey(STRANGER_KEY)));
    expect((await sdk.readProvider(suite.d, 1)).payout).to.equal(PAYOUT);
    const cancel = ["provider", "payout", "propose", "--id", "1", "--cancel", "--dry-run"];
    expect((await runHere(cancel, env)).out).to.include("take back");
  });

  it("credit and claim: earned, waited for, paid, and the ledger kept between runs", async () => {
    const deltas = new Map([
      [0, 5_000_000n],
      [2, 70_000n],
    ]);
    const { post } = await attestationOf(suite.d, sdk.LedgerTree.empty(), deltas);
    await sdk.postAttestation.sendAndWait(suite.d, post);
    const credit = ["provider", "credit", "--id", "0", "--json"];
    expect(jsonOf(await runHere(credit, env))).to.include({ creditedMor: "5", pendingMor: "5", claimableMor: "0" });
    await networkHelpers.time.increase(ACTIVATION_DELAY);
    await networkHelpers.mine();
    const claim = ["provider", "claim", "--id", "0,2", "--json"];
    const dry = await sendsNothing(async () => jsonOf(await runHere([...claim, "--dry-run"], env)));
    expect(dry).to.include({ dueMor: "5.07" });
    expect(callsOf(dry)[0]).to.include({ verb: "claim", contract: "compute" });
    // At 1,000,000 MOR an ether a claim costs more than five MOR.
    const dear = jsonOf(await runHere([...claim, "--dry-run", "--mor-per-ether", "1000000"], env));
    expect(dear["calls"]).to.deep.equal([]);
    expect((dear["left"] as object[])[0]).to.include({ id: "0", reason: "belowFee" });

    expect(existsSync(snapshot)).to.equal(true);
    const before = await suite.token.balanceOf(payoutOf(0));
    const json = jsonOf(await yellowstone([...claim, "--yes"], withKey(STRANGER_KEY)));
    expect(outcomesOf(json)[0]).to.include({ paidMor: "5.07" });
    expect((await suite.token.balanceOf(payoutOf(0))) - before).to.equal(5n * 10n ** 18n);
    const { out } = await runHere(["provider", "credit", "--id", "0"], env);
    expect(out)
      .to.match(/credited +5 /)
      .and.match(/paid +5 /);
    const entries = jsonOf(await runHere(credit, env))["entries"] as { kind: string }[];
    expect(entries.map(({ kind }) => kind)).to.deep.equal(["credited", "paid"]);
    const again = jsonOf(await runHere([...claim, "--yes"], withKey(STRANGER_KEY)));
    expect(again["transactions"]).to.deep.equal([]);
  });

  it("claim: does not believe a ledger file that was changed, and refuses an unknown provider", async () => {
    writeFileSync(snapshot, readFileSync(snapshot, "utf8").replace(/"activeSeq":"\d+"/, '"activeSeq":"7"'));
    const { code, out, err } = await runHere(["provider", "credit", "--id", "2"], env);
    expect(code, err).to.equal(0);
    expect(err).to.include("does not hold");
    expect(out).to.match(/credited +0\.07/);
    const unknown = await runHere(["provider", "claim", "--id", "99", "--json", "--yes"], withKey(SENDER_KEY));
    expect(failureOf(unknown, EXIT.refused)["code"]).to.equal("RegistryProviderUnknown");
  });

  it("exit announce and withdraw: the bond comes back", async () => {
    const announce = ["provider", "exit", "announce", "--id", "2", "--json", "--yes"];
    jsonOf(await yellowstone(announce, withKey(SENDER_KEY)));
    const withdraw = ["provider", "exit", "withdraw", "--id", "2", "--json", "--yes"];
    expect(failureOf(await runHere(withdraw, withKey(SENDER_KEY)), EXIT.refused)["code"]).to.equal("RegistryTooEarly");
    await networkHelpers.time.increase(UNBONDING_DELAY);
    const json = jsonOf(await runHere(withdraw, withKey(SENDER_KEY)));
    expect(outcomesOf(json)[0]).to.include({ paidMor: "1", coveredMor: "0" });
    expect((await sdk.readProvider(suite.d, 2)).exited).to.equal(true);
  });

  it("asks the person at a terminal before it sends", async () => {
    const args = ["provider", "bond", "add", "--id", "0", "--amount", "0.25"];
    const answered = (input: string) => runHere(args, withKey(SENDER_KEY), { isTTY: true, input });
    await sendsNothing(async () => {
      const declined = await answered("no\n");
      expect(declined.code, declined.err).to.equal(EXIT.unconfirmed);
      expect(declined.err).to.include("add 0.25 MOR to the bond of provider 0. Go on? [y/N]");
      expect((await answered("")).code, "who is gone did not agree").to.equal(EXIT.unconfirmed);
    });
    const agreed = await answered("y\n");
    expect(agreed.code, agreed.err).to.equal(0);
    expect(agreed.out).to.include("grew by 0.25 MOR");
  });

  it("refuses a deployment of another chain", async () => {
    const file = join(scratch, "foreign.json");
    writeFileSync(file, JSON.stringify({ chainId: 8_453, ...suite.d.addresses }));
    const error = failureOf(await runHere(["status", "--json", "--deployment", file], env), EXIT.chain);
    expect(error["code"]).to.equal("ChainChanged");
  });
});
