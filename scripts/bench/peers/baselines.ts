import { PeerChain, payeeOf, type Deployed } from "./chain.js";
import { PairTree } from "./pairTree.js";
import { SIZES, WEI_PER_UMOR, type Books, type Credits, type Side } from "./side.js";
import { benchContract } from "./solc.js";

const FUNDS_WEI = 10n ** 28n;
const REGISTERED_AT_ONCE = 500;
const PUSHED_UMOR = 150_000n;

/** Plain ways of doing it, in Solidity of our own: scripts/bench/contracts/Baselines.sol. */
export const BASELINES: readonly Side[] = [
  { name: "push ERC-20 to each", sizes: SIZES, open: openPush },
  { name: "one slot each", sizes: SIZES, open: (n) => openSlots("OneSlotEach", n) },
  { name: "four in a slot", sizes: SIZES, open: (n) => openSlots("FourInSlot", n) },
  { name: "opaque root", sizes: SIZES, open: openRoot },
];

async function openBaseline(name: string): Promise<{ chain: PeerChain; contract: Deployed }> {
  const chain = await PeerChain.open();
  const contract = await chain.deploy(benchContract(name), [chain.token.address]);
  await chain.fund(contract.address, FUNDS_WEI);
  return { chain, contract };
}

async function openPush(): Promise<Books> {
  const { chain, contract } = await openBaseline("PushEach");
  const wordOf = (id: number) => (BigInt(payeeOf(id)) << 96n) | ((PUSHED_UMOR + BigInt(id)) * WEI_PER_UMOR);
  return {
    claim: (ids) => chain.call(contract, "payAll", [ids.map(wordOf)]),
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}

async function openSlots(name: "OneSlotEach" | "FourInSlot", n: number): Promise<Books> {
  const { chain, contract } = await openBaseline(name);
  for (let from = 0; from < n; from += REGISTERED_AT_ONCE) {
    const count = Math.min(REGISTERED_AT_ONCE, n - from);
    await chain.call(contract, "register", [from, payeeOf(from), count]);
  }
  return {
    attest: (credits) => chain.call(contract, "attest", packDeltas(credits)),
    claim: (ids) => chain.call(contract, "claim", [ids]),
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}

/** First word and words of four lanes; ids follow each other. */
function packDeltas(credits: Credits): [firstWord: number, deltas: bigint[]] {
  const words = new Map<number, bigint>();
  for (const [id, uMor] of credits) {
    const word = Math.floor(id / 4);
    words.set(word, (words.get(word) ?? 0n) | (uMor << BigInt(64 * (id % 4))));
  }
  const [firstWord = 0] = words.keys();
  return [firstWord, [...words.values()]];
}

async function openRoot(n: number): Promise<Books> {
  const { chain, contract } = await openBaseline("OpaqueRoot");
  const lifetimeUMor = Array.from({ length: n }, () => 0n);
  let tree = new PairTree([]);
  return {
    attest: (credits) => {
      for (const [id, uMor] of credits) lifetimeUMor[id] = (lifetimeUMor[id] ?? 0n) + uMor;
      tree = new PairTree(
        lifetimeUMor.map((uMor, id) => ({ index: id, account: payeeOf(id), amountWei: uMor * WEI_PER_UMOR })),
      );
      return chain.call(contract, "post", [tree.root]);
    },
    claim: (ids) => {
      const claims = ids.map((id) => [id, payeeOf(id), tree.shares[id]?.amountWei, tree.proof(id)]);
      return chain.call(contract, "claimAll", [claims]);
    },
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}
