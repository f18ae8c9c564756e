import { SigningKey, computeAddress, id as hashOf, solidityPackedKeccak256 } from "ethers";
import { PeerChain, payeeOf } from "./chain.js";
import { peerContract } from "./packages.js";
import { SIZES, WEI_PER_UMOR, type Books, type Side } from "./side.js";
import { benchContract } from "./solc.js";

const FUNDS_WEI = 10n ** 28n;
const VOUCHER_WEI = 150_000n * WEI_PER_UMOR;
const authority = new SigningKey(hashOf("bench: authority of the vouchers"));

/** Vouchers signed off chain, one per allocation, redeemed in batches. Its Staking is ours, reduced to the payment. */
export const ALLOCATION_EXCHANGE: Side = { name: "Graph AllocationExchange", sizes: SIZES, open };

async function open(): Promise<Books> {
  const chain = await PeerChain.open();
  const owner = await chain.owner.getAddress();
  const staking = await chain.deploy(benchContract("DirectStaking"), [chain.token.address]);
  const args = [chain.token.address, staking.address, owner, computeAddress(authority)];
  const exchange = await chain.deploy(peerContract("AllocationExchange"), args);
  await chain.fund(exchange.address, FUNDS_WEI);
  await chain.call(exchange, "approveAll", []);
  let round = 0n;
  const voucherOf = (id: number) => {
    // An allocation is redeemed once, so each round has its own; the lower half names the payee.
    const allocation = `0x${((round << 128n) | BigInt(payeeOf(id))).toString(16).padStart(40, "0")}`;
    const digest = solidityPackedKeccak256(["address", "uint256"], [allocation, VOUCHER_WEI]);
    return [allocation, VOUCHER_WEI, authority.sign(digest).serialized];
  };
  return {
    claim: (ids) => {
      round += 1n;
      if (ids.length === 1) return chain.call(exchange, "redeem", [voucherOf(ids[0] ?? 0)]);
      return chain.call(exchange, "redeemMany", [ids.map(voucherOf)]);
    },
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}
