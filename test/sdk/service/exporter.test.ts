import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import type { Alarm } from "@yellowstone-compute/sdk/watch";
import { startExporter } from "@yellowstone-compute/sdk/service";
import { ACTIVATION_DELAY, ROUTERS, attestationOf, deployWithProviders, networkHelpers } from "../actions/fixture.js";
import { until } from "../../scenarios/threeRouters/process.js";
import { freePort } from "../../utils/node.js";
import { parseMetrics } from "../../utils/promql.js";
import { unsteady } from "../../utils/unsteady.js";
import { door } from "./door.js";

const running = () => deployWithProviders(2);

/** What is scraped: figures by name, with the value of their label behind a colon. */
async function scraped(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    parseMetrics(text).map(({ name, labels, value }) => {
      const label = Object.values(labels).join();
      return [`${name.replace("yellowstone_chain_", "")}${label === "" ? "" : `:${label}`}`, value];
    }),
  );
}

describe("exporter of a deployment", () => {
  it("exposes pool, quorum, attestations, claims and pause as the chain has them, right through a reorganisation", async () => {
    const { d, asGuardian, sender } = await networkHelpers.loadFixture(running);
    let ahead = 0n;
    const now = () => ahead * 1_000n;
    ahead = BigInt(await networkHelpers.time.latest());
    const options = { pollMs: 3_600_000, now, accounts: { poster: sdk.address(sender.address) } };
    const exporter = await startExporter(d, options);
    try {
      const { pool } = await sdk.readState(d);
      const begun = await scraped(exporter.url);
      for (const [name, wei] of [
        ["unused_mor", pool.unusedWei],
        ["budget_mor", pool.budgetWei],
        ["fresh_mor", pool.freshWei],
        ["bonded_mor", 2n * 10n ** 18n],
      ] as const) {
        expect(begun.get(name), name).to.equal(Number(wei) / 1e18);
      }
      expect(Object.fromEntries(begun)).to.include({
        providers: 2,
        routers: 3,
        threshold: 2,
        up: 1,
        last_seq: 0,
        paused: 0,
      });
      expect(begun.has("last_attestation_age_seconds") || begun.has("live_routers")).to.equal(false);
      expect(begun.get("account_ether:poster")).to.be.greaterThan(1);

      const snapshot = await networkHelpers.takeSnapshot();
      const { post, after } = await attestationOf(d, sdk.LedgerTree.empty(), new Map([[0, 3_000_000n]]));
      await sdk.postAttestation.sendAndWait(d, post);
      const acceptedAt = BigInt(await networkHelpers.time.latest());
      await networkHelpers.time.increase(ACTIVATION_DELAY);
      await sdk.claim.sendAndWait(d, sdk.claimFor(1n, after, [0]));
      await sdk.pauseAttestations.sendAndWait(asGuardian, { durationSeconds: 60n });
      ahead = acceptedAt + 1_000n;
      await exporter.refresh();
      const worked = Object.fromEntries(await scraped(exporter.url));
      expect(worked).to.include({
        ...{ last_seq: 1, active_seq: 1, attested_mor: 3, owed_mor: 0, paused: 1, pause_armed: 0 },
        ...{ "events:claimed": 1, "event_mor:claimed": 3, "events:attested": 1, "events:paused": 1, reorgs_total: 0 },
        last_attestation_age_seconds: 1_000,
      });

      // Another chain above the snapshot: what happened there has not happened.
      await snapshot.restore();
      await networkHelpers.mine(8);
      await exporter.refresh();
      expect(Object.fromEntries(await scraped(exporter.url))).to.include({
        ...{ last_seq: 0, attested_mor: 0, "events:claimed": 0, "event_mor:claimed": 0, "events:attested": 0 },
        ...{ reorgs_total: 1, paused: 0, pause_armed: 1 },
      });
      expect((await fetch(`${exporter.url}/health`)).status).to.equal(200);
      expect((await fetch(`${exporter.url}/other`)).status).to.equal(404);
    } finally {
      await exporter.stop();
    }
    expect(await fetch(`${exporter.url}/health`).catch(() => "gone")).to.equal("gone");
  });

  it("counts the routers that say they are ready", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const [ready, busy] = await Promise.all([200, 503].map((status) => door(status)));
    const gone = `http://127.0.0.1:${await freePort()}`;
    const urls = [`${ready!.url}/`, busy!.url, gone];
    const routers = Object.fromEntries(ROUTERS.map(({ address }, i) => [address, urls[i] ?? ""]));
    const exporter = await startExporter(d, { pollMs: 3_600_000, routers });
    const [[account = "", url = ""] = []] = Object.entries(routers);
    const other = await startExporter(d, { pollMs: 20, routers: { [account]: url } });
    try {
      expect((await scraped(exporter.url)).get("live_routers")).to.equal(1);
      expect([ready!.asked, busy!.asked]).to.deep.equal([["/ready", "/ready"], ["/ready"]]);
      expect((await scraped(other.url)).get("live_routers"), "of which only one is known").to.equal(1);
      await until("it looks again by itself", 2, () => Promise.resolve(ready!.asked.length > 3));
    } finally {
      await Promise.all([exporter, other].map((each) => each.stop()));
      for (const each of [ready!, busy!]) each.close();
    }
  });

  it("shows what a watch has found", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const exporter = await startExporter(d, { pollMs: 3_600_000 });
    try {
      exporter.note({ kind: "alarm", alarm: { kind: "allowance" } as Alarm });
      expect((await scraped(exporter.url)).get("alarms_total:allowance")).to.equal(1);
    } finally {
      await exporter.stop();
    }
  });

  it("counts what fails by its code, says that it does not see, and goes on", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const node = unsteady(d);
    const exporter = await startExporter(node.d, { pollMs: 3_600_000, attempts: 1 });
    try {
      node.isDown = true;
      await exporter.refresh();
      const down = await scraped(exporter.url);
      expect(down.get("up")).to.equal(0);
      expect(down.get("errors_total:ChainRequestFailed")).to.equal(1);
      expect(down.get("providers")).to.equal(2);
      node.isDown = false;
      await exporter.refresh();
      expect((await scraped(exporter.url)).get("up")).to.equal(1);
    } finally {
      await exporter.stop();
    }
  });

  it("a chain that cannot be read at the start is an error, not a server without figures", async () => {
    const { d } = await networkHelpers.loadFixture(running);
    const provider = { getNetwork: () => Promise.reject(new Error("no")) } as unknown as typeof d.provider;
    const refused = await startExporter({ ...d, provider }, { attempts: 1 }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(sdk.YellowstoneError);
  });
});
