import { BenchSuite } from "../suite.js";
import { SIZES, type Books, type Credits, type Side } from "./side.js";

/** Attestations after which the contract's ring of records has no new slot left. */
const RING = 256;

/** The suite itself: a quorum of three, every sum proved, every payout booked. */
export const OURS: Side = { name: "", sizes: SIZES, open: (n, claims) => open(n, claims) };

async function open(n: number, claims: boolean): Promise<Books> {
  const suite = await BenchSuite.deploy();
  if (claims) await suite.register(n, { holding: false });
  else await suite.pretendRegistered(n);
  let posted = 0;
  const attest = async (credits: Credits) => {
    const cost = await suite.attest(credits);
    await suite.activate();
    posted += 1;
    return cost;
  };
  return {
    attest: async (credits) => {
      // From the second posting on the figures are those of the steady state.
      for (; posted > 0 && posted <= RING;) await attest(new Map([[0, 1n]]));
      return attest(credits);
    },
    claim: (ids) => suite.claimCost(ids),
    heldWei: (id) => suite.heldWei(id),
    snapshot: () => suite.snapshot(),
  };
}
