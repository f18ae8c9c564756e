import { PeerChain, payeeOf } from "./chain.js";
import { peerContract } from "./packages.js";
import { SIZES, WEI_PER_UMOR, type Books, type Side } from "./side.js";
import { benchContract } from "./solc.js";

const FUNDS_WEI = 10n ** 28n;
const DAY = 86_400n;

/** Allocations to addresses in storage, paid one by one. */
export const DF_REWARDS: Side = { name: "Ocean DFRewards", sizes: SIZES, maxBatch: 1, open: openRewards };

/**
 * A lock per job; every creation and every claim walks the list of all open locks, so a thousand of them fit no transaction.
 * Only the payee itself may lock and claim: a batch is many jobs of one payee.
 */
export const ESCROW: Side = {
  name: "Ocean Escrow",
  sizes: [10, 100],
  onePayee: true,
  separate: true,
  open: openEscrow,
};

async function openRewards(): Promise<Books> {
  const chain = await PeerChain.open();
  const rewards = await chain.deploy(peerContract("DFRewards"));
  await chain.call(chain.token, "approve", [rewards.address, FUNDS_WEI]);
  return {
    attest: (credits) => {
      const amounts = [...credits.values()].map((uMor) => uMor * WEI_PER_UMOR);
      return chain.call(rewards, "allocate", [[...credits.keys()].map(payeeOf), amounts, chain.token.address]);
    },
    claim: ([id]) => chain.call(rewards, "claimFor", [payeeOf(id ?? 0), chain.token.address]),
    heldWei: (id) => chain.balanceOf(payeeOf(id)),
    snapshot: () => chain.snapshot(),
  };
}

async function openEscrow(n: number): Promise<Books> {
  const chain = await PeerChain.open();
  const noFee = await chain.deploy(benchContract("Answers"));
  const escrow = await chain.deploy(peerContract("Escrow"), [noFee.address, noFee.address]);
  const payee = await chain.impersonate(payeeOf(0));
  const payer = await chain.owner.getAddress();
  const token = chain.token.address;
  await chain.call(chain.token, "approve", [escrow.address, FUNDS_WEI]);
  await chain.call(escrow, "deposit", [token, FUNDS_WEI]);
  await chain.call(escrow, "authorize", [token, payeeOf(0), FUNDS_WEI, DAY, n]);
  let open = new Map<number, bigint>();
  return {
    attest: (credits) => {
      open = new Map([...open, ...[...credits].map(([id, uMor]): [number, bigint] => [id, uMor * WEI_PER_UMOR])]);
      const ids = [...credits.keys()];
      const args = [ids.map(jobOf), ids.map(() => token), ids.map(() => payer), ids.map((id) => open.get(id))];
      return chain.call(escrow, "createLocks", [...args, ids.map(() => DAY)], { from: payee });
    },
    claim: (ids) => {
      const args = [ids.map(jobOf), ids.map(() => token), ids.map(() => payer), ids.map((id) => open.get(id))];
      return chain.call(escrow, "claimLocksAndWithdraw", [...args, ids.map(() => "0x")], { from: payee });
    },
    heldWei: () => chain.balanceOf(payeeOf(0)),
    snapshot: () => chain.snapshot(),
  };
}

/** A job id is never 0. */
const jobOf = (id: number): number => id + 1;
