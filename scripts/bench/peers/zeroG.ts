import { SigningKey, TypedDataEncoder, computeAddress, id as hashOf, parseEther } from "ethers";
import { PeerChain, payeeOf } from "./chain.js";
import { peerContract } from "./packages.js";
import type { Books, Side } from "./side.js";

const SERVING_ABI = [
  "function initialize(uint256 lockTime, address ledger, address owner)",
  "function addOrUpdateService((string,string,string,string,uint256,uint256,string,address) params) payable",
  "function acknowledgeTEESignerByOwner(address provider)",
  "function settleFeesWithTEE((address,address,uint256,bytes32,uint256,bytes)[] settlements) returns (uint8[])",
];
const LEDGER_ABI = [
  "function initialize(address owner)",
  "function registerService(string serviceType, string version, address service, string description)",
  "function depositFundFor(address recipient) payable",
  "function transferFund(address provider, string serviceName, uint256 amount)",
];
const SETTLEMENT = {
  TEESettlement: [
    { name: "requestsHash", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "provider", type: "address" },
    { name: "user", type: "address" },
    { name: "totalFee", type: "uint256" },
  ],
};
const CHAIN_ID = 31_337n;
const PROVIDER = "0x00000000000000000000000000000000000be9c4";
const FEE_WEI = parseEther("0.001");
const tee = new SigningKey(hashOf("bench: TEE of the provider"));

/**
 * Settlements signed by a provider's TEE, at most fifty a call by the contract's own limit. They take from `n` users and pay
 * one provider, in the chain's coin, by one transfer. With the real LedgerManager; both behind minimal proxies.
 */
export const ZERO_G: Side = { name: "0G InferenceServing", sizes: [10, 50], maxBatch: 50, onePayee: true, open };

async function open(n: number): Promise<Books> {
  const chain = await PeerChain.open();
  const owner = await chain.owner.getAddress();
  const ledger = await chain.deployProxied(peerContract("LedgerManager"), LEDGER_ABI);
  const serving = await chain.deployProxied(peerContract("InferenceServing"), SERVING_ABI);
  const provider = await chain.impersonate(PROVIDER);
  await chain.call(ledger, "initialize", [owner]);
  await chain.call(serving, "initialize", [86_400n, ledger.address, owner]);
  await chain.call(ledger, "registerService", ["inference", "v1.0", serving.address, "bench"]);
  const service = ["chat", "https://provider.example", "model", "TeeML", 1n, 1n, "", computeAddress(tee)];
  await chain.call(serving, "addOrUpdateService", [service], { from: provider, value: parseEther("100") });
  await chain.call(serving, "acknowledgeTEESignerByOwner", [PROVIDER]);
  for (let id = 0; id < n; id++) {
    await chain.call(ledger, "depositFundFor", [payeeOf(id)], { value: parseEther("3") });
    const user = await chain.impersonate(payeeOf(id));
    await chain.call(ledger, "transferFund", [PROVIDER, "inference-v1.0", parseEther("1")], { from: user });
  }
  const domain = { name: "0G Inference Serving", version: "1", chainId: CHAIN_ID, verifyingContract: serving.address };
  let nonce = 0n;
  const settlementOf = (id: number) => {
    const user = payeeOf(id);
    const requestsHash = hashOf(`bench: requests of ${id}, ${nonce}`);
    const message = { requestsHash, nonce, provider: PROVIDER, user, totalFee: FEE_WEI };
    const { serialized } = tee.sign(TypedDataEncoder.hash(domain, SETTLEMENT, message));
    return [user, PROVIDER, FEE_WEI, requestsHash, nonce, serialized];
  };
  return {
    claim: async (ids) => {
      nonce += 1n;
      const before = await chain.coinsOf(PROVIDER);
      const cost = await chain.call(serving, "settleFeesWithTEE", [ids.map(settlementOf)], { from: provider });
      // A settlement that is refused does not revert: what arrived says that each was paid.
      const paid = (await chain.coinsOf(PROVIDER)) - before + (cost.feeWei ?? 0n);
      if (paid !== BigInt(ids.length) * FEE_WEI) throw new Error(`bench: 0G settled ${paid} wei of ${ids.length} fees`);
      return cost;
    },
    heldWei: () => chain.coinsOf(PROVIDER),
    snapshot: () => chain.snapshot(),
  };
}
