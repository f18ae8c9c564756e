import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as sdk from "@yellowstone-compute/sdk";
import { openRouter, openSqliteStorage } from "@yellowstone-compute/sdk/journal";
import { ethers, networkHelpers, ROUTERS } from "../../sdk/actions/fixture.js";
import { PAYER, relayerOf, settle } from "../../sdk/relayer/world.js";
import { drill, refusalOf } from "./world.js";

drill("Router's disk lost", async (begin) => {
  const one = await begin();
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  const [file, copy] = [join(folder, "router.journal"), join(folder, "router.backup")];
  const policy = sdk.createPolicy({ accessOf: () => ({ budgetWei: 10n ** 21n, supplyWei: 10n ** 24n }) });
  const { domain, emissionStart } = one.d;
  const set = await sdk.readRouterSet(one.d);
  const open = async () =>
    openRouter({ signer: ROUTERS[0]!, domain, set, policy, emissionStart, storage: await openSqliteStorage(file) });
  try {
    const router = await open();
    const at = async () => BigInt(await networkHelpers.time.latest()) * 1_000n;
    await one.pass(24);
    await router.closeBlocks(await at());
    const digest = router.digest();
    router.close();
    copyFileSync(file, copy);
    const later = await open();
    await one.pass(24);
    const [block] = await later.closeBlocks(await at());
    later.abandon();
    // The disk is gone. The copy is whole, and behind by what came since.
    rmSync(file);
    copyFileSync(copy, file);
    const restored = await open();
    expect(restored.digest()).to.equal(digest);
    // Behind means: it would sign a block that it has signed already. The same content gives the same signature, no proof against it.
    const [again] = await restored.closeBlocks(await at());
    expect(again).to.deep.equal(block);
    restored.close();
    // Without a copy the key must not sign again: the guardian removes it, governance names another.
    await sdk.removeRouter.sendAndWait(one.guardian, { account: ROUTERS[0]!.address });
    const fresh = sdk.localSigner(sdk.keccak256Text("a new key on a new disk"));
    const signers = [...ROUTERS.slice(1), fresh].sort((a, b) =>
      a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
    );
    const routers = signers.map(({ address }) => ({ account: address, isContract: false }));
    await one.govern(sdk.setRouters, { epoch: 0, threshold: 2, routers });
    await one.attest([[0, 3n]], { signers: [...new Set([fresh, ROUTERS[1]!])] });
    await one.pass(one.d.activationDelaySeconds);
    expect(await one.claimAll()).to.equal(43n);
    const foreign = openRouter({
      ...{ signer: fresh, domain, set: { epoch: 3, threshold: 2, routers }, policy, emissionStart },
      storage: await openSqliteStorage(file),
    });
    expect(await refusalOf(foreign)).to.have.property("code", "JournalForeign");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

drill("Relayer out of gas", async (begin) => {
  const one = await begin({ accounts: { poster: sdk.address(PAYER.address) } });
  await networkHelpers.setBalance(PAYER.address, 10n ** 12n);
  expect([...(await one.firing())]).to.deep.equal(["YellowstoneRelayerOutOfGas"]);
  expect(one.metric("yellowstone_chain_account_ether", "poster")).to.equal(1e-6);
  const relayer = await relayerOf(one.d);
  const id = await relayer.post(await one.signed([[0, 5n]]));
  await settle(relayer, 5);
  const waiting = await relayer.status(id);
  expect(waiting.phase).to.equal("waiting");
  expect(waiting.parts[0]?.failure).to.have.property("code", "RelaySenderPoor");
  // Anyone sends ether; the job goes on by itself and is done once.
  const [rich] = await ethers.getSigners();
  await (await rich!.sendTransaction({ to: PAYER.address, value: 10n ** 18n })).wait();
  await settle(relayer);
  expect((await relayer.status(id)).phase).to.equal("done");
  expect((await sdk.readState(one.d)).head.lastSeq).to.equal(2n);
  expect(await ethers.provider.getTransactionCount(PAYER.address)).to.equal(1);
  expect([...(await one.firing())]).to.deep.equal([]);
});
