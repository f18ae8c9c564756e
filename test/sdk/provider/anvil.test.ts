import { expect } from "chai";
import { artifacts } from "hardhat";
import { ContractFactory, JsonRpcProvider, type InterfaceAbi, type JsonRpcSigner } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { startAnvil, type LocalNode } from "../../utils/node.js";
import { ACTIVATION_DELAY, BOND_WEI, ROUTERS, attestationOf, metadata, payoutOf } from "../actions/fixture.js";
import { caughtUp, expectTrue } from "./world.js";

const MOR = 10n ** 18n;

async function deployed(signer: JsonRpcSigner): Promise<sdk.Deployment> {
  const deploy = async (name: string, args: unknown[] = []) => {
    const { abi, bytecode } = await artifacts.readArtifact(name);
    const contract = await new ContractFactory(abi as InterfaceAbi, bytecode, signer).deploy(...args);
    await contract.waitForDeployment();
    return contract;
  };
  const at = (await signer.provider.getBlock("latest"))!.timestamp;
  const token = await deploy("TestMor");
  const schedule = await deploy("LinearDecreaseSchedule", [3456n * MOR, 0, at - 10 * 86_400, 86_400]);
  const authority = await deploy("AccessManager", [signer.address]);
  const set = ROUTERS.map((router) => ({ account: router.address, isContract: false }));
  const routers = await deploy("RouterSet", [set, 2, authority]);
  const bonds = { minBondWei: BOND_WEI, changeDelay: 3_600, unbondingDelay: 7_200 };
  const window = { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const compute = await deploy("ComputeContract", [
    token,
    schedule,
    routers,
    authority,
    ACTIVATION_DELAY,
    bonds,
    window,
  ]);
  const lens = await deploy("ComputeLens");
  const addresses = { compute: sdk.address(await compute.getAddress()), lens: sdk.address(await lens.getAddress()) };
  const d = await sdk.connect({ runner: signer, addresses });
  for (const to of [d.addresses.compute, signer.address])
    await signer.sendTransaction({
      to: await token.getAddress(),
      data: token.interface.encodeFunctionData("mint", [to, 1_000n * MOR]),
    });
  await sdk.approveBond.sendAndWait(d, { bondWei: sdk.wei(3n * BOND_WEI) });
  for (const id of [0, 1, 2]) {
    const owner = sdk.address(signer.address);
    await sdk.registerProvider.sendAndWait(d, { owner, payout: payoutOf(id), bondWei: sdk.wei(BOND_WEI), metadata });
  }
  await sdk.intake.sendAndWait(d, {});
  return d;
}

describe("credit history on anvil", function () {
  this.timeout(60_000);
  let node: LocalNode;
  let provider: JsonRpcProvider;

  before(async () => {
    node = await startAnvil();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, batchMaxCount: 1 });
    provider.pollingInterval = 20;
  });
  after(async () => {
    provider.destroy();
    await node.stop();
  });

  it("is right through anvil's own reorganisations of 1, 12 and 64 blocks", async () => {
    const d = await deployed(await provider.getSigner());
    const attest = async (deltas: readonly [number, bigint][]) => {
      const { tree } = await sdk.rebuildLedger(d);
      await sdk.postAttestation.sendAndWait(d, (await attestationOf(d, tree, new Map(deltas))).post);
    };
    const claim = async (ids: readonly number[]) => {
      const { head } = await sdk.readState(d);
      const { tree, seq } = await sdk.rebuildLedger(d, { untilSeq: head.activeSeq });
      await sdk.claim.sendAndWait(d, sdk.claimFor(seq, tree, ids));
    };
    await attest([
      [0, 5n],
      [1, 7n],
      [2, 9n],
    ]);
    await provider.send("evm_increaseTime", [ACTIVATION_DELAY]);
    await provider.send("anvil_mine", ["0x50"]);
    const { history } = await caughtUp(d, undefined, { ids: [0, 1, 2] });
    await expectTrue(d, history, 3);
    for (const [i, depth] of [1, 12, 64].entries()) {
      if (depth > 1) await attest([[i, 100n]]);
      if (depth > 2) await provider.send("anvil_mine", [`0x${(depth - 3).toString(16)}`]);
      await claim([i]);
      await caughtUp(d, history);
      await expectTrue(d, history, 3);
      expect(history.account(i).paidUMor).to.not.equal(0n);
      const { blockHash } = history.end;
      await provider.send("anvil_reorg", [depth, []]);
      const { kinds } = await caughtUp(d, history);
      expect(kinds[0], `${depth} blocks`).to.equal("steppedBack");
      expect(history.end.blockHash).to.not.equal(blockHash);
      await expectTrue(d, history, 3);
      expect(history.account(i).paidUMor).to.equal(0n);
      const { history: anew } = await caughtUp(d, undefined, { ids: [0, 1, 2] });
      expect(history.entries()).to.deep.equal(anew.entries());
      await claim([i]);
    }
  });
});
