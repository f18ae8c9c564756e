import { PeerChain, payeeOf, type Deployed } from "./chain.js";
import { peerContract } from "./packages.js";
import { PairTree } from "./pairTree.js";
import { SIZES, WEI_PER_UMOR, type Books, type Side } from "./side.js";

/** A new distributor for each posting, since its root never changes; claims come one by one. */
export const UNISWAP: Side = {
  name: "Uniswap MerkleDistributor",
  sizes: SIZES,
  maxBatch: 1,
  separate: true,
  open,
};

async function open(): Promise<Books> {
  const chain = await PeerChain.open();
  const code = peerContract("MerkleDistributor");
  let distributor: Deployed | undefined;
  let tree = new PairTree([]);
  return {
    attest: async (credits) => {
      tree = new PairTree(
        [...credits].map(([id, uMor]) => ({ index: id, account: payeeOf(id), amountWei: uMor * WEI_PER_UMOR })),
      );
      const deployed = await chain.deploy(code, [chain.token.address, tree.root]);
      distributor = deployed;
      const total = tree.shares.reduce((sum, { amountWei }) => sum + amountWei, 0n);
      const funding = await chain.fund(deployed.address, total);
      return { gas: deployed.cost.gas + funding.gas, bytes: deployed.cost.bytes + funding.bytes };
    },
    claim: ([id]) => {
      const share = tree.shares[id ?? 0];
      if (distributor === undefined || share === undefined) throw new Error("bench: nothing is distributed yet");
      return chain.call(distributor, "claim", [share.index, share.account, share.amountWei, tree.proof(share.index)]);
    },
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}
