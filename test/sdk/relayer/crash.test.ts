import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { createMemoryStorage, openSqliteStorage, type MemoryStorage } from "@yellowstone-compute/sdk/journal";
import { failureOf } from "../actions/fixture.js";
import { serve } from "../../utils/face.js";
import { ROOT } from "../../utils/script.js";
import {
  attestationOf,
  credited,
  ethers,
  eventsOf,
  LIMITS,
  networkHelpers,
  PAYER,
  relayerOf,
  sentBy,
  settle,
  world,
} from "./world.js";

class Death extends Error {}

/** Three jobs: an attestation, a claim that is cut in two, and one that others did. */
async function jobsOf(d: sdk.Deployment) {
  const { seq, tree } = await credited(d, [1n, 2n, 3n, 4n, 5n]);
  const { post } = await attestationOf(d, tree, new Map([[7, 5n]]));
  return {
    add: async (relayer: sdk.Relayer) => [
      await relayer.post(post),
      await relayer.claim(sdk.claimFor(seq, tree, [0, 1, 2, 3])),
      await relayer.claim(sdk.claimFor(seq, tree, [1, 2])),
    ],
  };
}

const LIMITED = { ...LIMITS, maxGas: 260_000 };

/** Everything was done, and everything once. */
async function requireOnce(d: sdk.Deployment, jobs: readonly sdk.JobStatus[]): Promise<void> {
  expect(jobs.map(({ phase }) => phase)).to.deep.equal(["done", "done", "done"]);
  expect((await eventsOf(d, sdk.attestedEvent)).map(({ seq }) => seq)).to.deep.equal([1n, 2n]);
  const paid = (await eventsOf(d, sdk.claimedEvent)).flatMap(({ payments }) => payments.map(({ id }) => id));
  expect(paid.sort()).to.deep.equal([0n, 1n, 2n, 3n]);
  const sent = await sentBy(d.provider, PAYER.address);
  expect(sent.map(({ nonce }) => nonce)).to.deep.equal(sent.map((_, i) => i));
  const byUs = jobs.flatMap(({ parts }) => parts).filter(({ result }) => result?.by === "us");
  expect(sent.filter(({ status }) => status === 1).length).to.equal(byUs.length);
}

/** A storage and a provider that die at their nth effect, before it or after it. */
function mortal(d: sdk.Deployment, storage: MemoryStorage, dieAt: number) {
  let left = dieAt;
  let dead = false;
  const pass = (): void => {
    if (dead || left-- === 0) {
      dead = true;
      throw new Death();
    }
  };
  const store: sdk.RelayStore = {
    header: () => storage.header(),
    begin: (...args) => storage.begin(...args),
    append: (batch) => {
      pass();
      storage.append(batch);
      pass();
    },
    read: (position) => storage.read(position),
    snapshot: () => storage.snapshot(),
    compact: (...args) => storage.compact(...args),
    close: () => storage.close(),
  };
  const provider = new Proxy(d.provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "broadcastTransaction") return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return async (raw: string) => {
        pass();
        const sent = await target.broadcastTransaction(raw);
        pass();
        return sent;
      };
    },
  });
  return { store, deployment: { ...d, provider }, isDead: () => dead };
}

describe("relayer: crashes", function () {
  this.timeout(60_000);

  it("dies at every step in turn, before and after each effect: nothing is lost, nothing is done twice", async () => {
    let deaths = 0;
    for (let dieAt = 0; ; dieAt++) {
      const { d } = await networkHelpers.loadFixture(world);
      const { add } = await jobsOf(d);
      const storage = createMemoryStorage();
      const { store, deployment, isDead } = mortal(d, storage, dieAt);
      const first = await relayerOf(deployment, { store, limits: LIMITED });
      await add(first).catch(() => undefined);
      for (let look = 0; look < 40 && !isDead(); look++) await first.advance().catch(() => undefined);
      const second = await relayerOf(d, { store: storage.reopen(), limits: LIMITED });
      // Whoever asked and got no answer asks again.
      const ids = await add(second);
      await settle(second);
      await requireOnce(d, await Promise.all(ids.map((id) => second.status(id))));
      if (!isDead()) break;
      deaths++;
    }
    expect(deaths, "there were steps to die at").to.be.greaterThan(15);
  });

  it("processes that are killed while they send leave their work to the next one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "relay-"));
    const { d } = await networkHelpers.loadFixture(world);
    const { add } = await jobsOf(d);
    const path = join(folder, "relayer.db");
    const file = await openSqliteStorage(path);
    const here = await relayerOf(d, { store: file, limits: LIMITED });
    const ids = await add(here);
    await here.close();
    for (const moment of ["before", "after"] as const) {
      let kill = (): void => undefined;
      // Its first transaction is the last thing the child does.
      const face = await serve(async (method, params) => {
        const sends = method === "eth_sendRawTransaction";
        if (sends) kill();
        if (sends && moment === "before") throw new Error("the sender is gone");
        return ethers.provider.send(method, [...params]) as Promise<unknown>;
      });
      await killed([path, face.url, d.addresses.compute, d.addresses.lens], (child) => {
        kill = () => void child.kill("SIGKILL");
      });
      await face.stop();
    }
    expect(await sentBy(d.provider, PAYER.address), "the children did some of it").to.not.be.empty;
    const store = await openSqliteStorage(path);
    const last = await relayerOf(d, { store, limits: LIMITED });
    await settle(last);
    await requireOnce(d, await Promise.all(ids.map((id) => last.status(id))));
    await last.close();
    rmSync(folder, { recursive: true });
  });

  it("a store of another sender, of another chain, or one that was changed, is refused", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    const storage = createMemoryStorage();
    const relayer = await relayerOf(d, { store: storage });
    await (await jobsOf(d)).add(relayer);
    const other = new ethers.Wallet(`0x${"77".repeat(32)}`);
    expect(await failureOf(relayerOf(d, { store: storage, sender: other }))).to.be.instanceOf(sdk.JournalForeign);
    const elsewhere = { ...d, chainId: 1n };
    expect(await failureOf(relayerOf(elsewhere, { store: storage }))).to.be.instanceOf(sdk.JournalForeign);
    const changed: sdk.RelayStore = {
      header: () => storage.header(),
      begin: () => undefined,
      append: () => undefined,
      *read(position) {
        for (const batch of storage.read(position)) yield { ...batch, bytes: batch.bytes.map((byte) => byte ^ 1) };
      },
      snapshot: () => storage.snapshot(),
      compact: () => undefined,
      close: () => undefined,
    };
    expect(await failureOf(relayerOf(d, { store: changed }))).to.be.instanceOf(sdk.JournalDamaged);
    const cut: sdk.RelayStore = { ...changed, read: (position) => [...storage.read(position)].slice(1) };
    expect(await failureOf(relayerOf(d, { store: cut }))).to.be.instanceOf(sdk.JournalDamaged);
    const swapped: sdk.RelayStore = { ...changed, snapshot: () => storage.header() };
    expect(await failureOf(relayerOf(d, { store: swapped }))).to.be.instanceOf(sdk.JournalDamaged);
  });

  it("many records are written whole, and ended jobs are forgotten after their time", async () => {
    const { d } = await networkHelpers.loadFixture(world);
    let nowMs = 1_000_000;
    const storage = createMemoryStorage();
    const timing = { pollMs: 0, backoffMs: 0, retainMs: 1_000 };
    const options = { store: storage, clock: () => nowMs, timing, limits: { ...LIMITS, inFlight: 1 } };
    const relayer = await relayerOf(d, options);
    const { seq, tree } = await credited(d, [1n, 2n]);
    const done = await relayer.claim(sdk.claimFor(seq, tree, [0]));
    await settle(relayer);
    await ethers.provider.send("evm_setAutomine", [false]);
    await relayer.claim(sdk.claimFor(seq, tree, [1]));
    for (let i = 0; i < 600; i++) await relayer.closeSeason(i);
    nowMs += 2_000;
    await relayer.advance();
    await ethers.provider.send("evm_setAutomine", [true]);
    expect([...storage.read(0)], "the records before the snapshot are gone").to.have.length.below(600);
    expect(await failureOf(relayer.status(done))).to.be.instanceOf(sdk.RelayJobUnknown);
    const taken = await relayerOf(d, { ...options, store: storage.reopen() });
    expect((await taken.jobs()).length).to.equal((await relayer.jobs()).length);
  });
});

/** Run a relayer in a process of its own until it is killed; `onStart` is given the process. */
function killed(args: readonly string[], onStart: (child: ChildProcess) => void): Promise<void> {
  const loader = `file://${join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")}`;
  const script = join(import.meta.dirname, "child.ts");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", loader, script, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    onStart(child);
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.on("close", (_, signal) => (signal === "SIGKILL" ? resolve() : reject(new Error(errors))));
  });
}
