import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Contract, ContractFactory, type InterfaceAbi, type Signer, type TransactionResponse } from "ethers";
import * as sdk from "@yellowstone-compute/sdk";
import { attestationOf, metadata, payoutOf, ROUTERS } from "../actions/fixture.js";
import { ROOT } from "../../utils/script.js";

const MOR = 10n ** 18n;
const DAY = 86_400;
/** Short: the chains of these tests live for seconds. */
const ACTIVATION_SECONDS = 2;

/** Deploy the suite by plain ethers on any chain, register providers, and credit them, if there are any. Seconds must be able to pass. */
export async function deployAnywhere(
  signer: Signer,
  amounts: readonly bigint[],
  pass: (seconds: number) => Promise<void>,
) {
  const latest = await signer.provider!.getBlock("latest");
  const startAt = latest!.timestamp - 10 * DAY;
  const token = await deploy(signer, "periphery/TestMor");
  const schedule = await deploy(signer, "emission/LinearDecreaseSchedule", [3_456n * MOR, 0, startAt, DAY]);
  const authority = await deploy(signer, AUTHORITY, [await signer.getAddress()]);
  const set = ROUTERS.map((router) => ({ account: router.address, isContract: false }));
  const routers = await deploy(signer, "routers/RouterSet", [set, 2, authority]);
  const bonds = { minBondWei: MOR, changeDelay: 3_600, unbondingDelay: 7_200 };
  const window = { startAt: 0, endAt: 0, seasonLength: 0, entryWindow: 0 };
  const args = [token, schedule, routers, authority, ACTIVATION_SECONDS, bonds, window];
  const compute = await deploy(signer, "ComputeContract", args);
  const lens = await deploy(signer, "periphery/ComputeLens");
  const d = await sdk.connect({ runner: signer, addresses: { compute, lens } });
  const mint = new Contract(token, artifactOf("periphery/TestMor").abi, signer).getFunction("mint");
  for (const [to, amount] of [
    [await signer.getAddress(), 100n],
    [compute, 1_000n],
  ] as const) {
    await ((await mint.send(to, amount * MOR)) as TransactionResponse).wait();
  }
  await sdk.approveBond.sendAndWait(d, { bondWei: sdk.wei(BigInt(amounts.length) * MOR) });
  const owner = sdk.address(await signer.getAddress());
  for (const id of amounts.keys()) {
    await sdk.registerProvider.sendAndWait(d, { owner, payout: payoutOf(id), bondWei: sdk.wei(MOR), metadata });
  }
  await sdk.intake.sendAndWait(d, {});
  if (amounts.length === 0) return { d, seq: 0n, tree: sdk.LedgerTree.empty() };
  const deltas = new Map(amounts.map((amount, id) => [id, amount]));
  const { post, after } = await attestationOf(d, sdk.LedgerTree.empty(), deltas);
  await sdk.postAttestation.sendAndWait(d, post);
  await pass(ACTIVATION_SECONDS + 1);
  return { d, seq: post.attestation.seq, tree: after };
}

const AUTHORITY = "@openzeppelin/contracts/access/manager/AccessManager";

function artifactOf(name: string): { abi: InterfaceAbi; bytecode: string } {
  const folder = name === AUTHORITY ? [] : ["contracts"];
  const path = join(ROOT, "artifacts", ...folder, `${name}.sol`, `${name.split("/").at(-1)}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as { abi: InterfaceAbi; bytecode: string };
}

async function deploy(signer: Signer, name: string, args: readonly unknown[] = []): Promise<sdk.Address> {
  const { abi, bytecode } = artifactOf(name);
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args);
  await contract.waitForDeployment();
  return sdk.address(await contract.getAddress());
}
