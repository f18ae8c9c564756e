import { WEI_PER_MOR, awardShares, createMeter, providerId, uMor, userShareWei } from "@yellowstone-compute/sdk";
import { integer, percent, type AttackTable } from "./table.js";

const SUPPLY_WEI = 10_000_000n * WEI_PER_MOR;
/** The day's budget that users share. */
const BUDGET_WEI = 3_000n * WEI_PER_MOR;
const PRICE_WEI = 10n ** 11n;
const SEASON_DAYS = 7n;
/** The season's pool, and others that compete for it. */
const SEASON_POOL_UMOR = 2_100n * 10n ** 6n;
const HONEST = 50;
const SPLIT = 1_000n;

/** What one who is user and provider gets in a day without any work, through a meter, with a balance split over `addresses`. */
export function collude(balanceWei: bigint, addresses: bigint): bigint {
  const meter = createMeter();
  let paidWei = 0n;
  for (let i = 0n; i < addresses; i++) {
    const shareWei = userShareWei({ budgetWei: BUDGET_WEI, balanceWei: balanceWei / addresses, supplyWei: SUPPLY_WEI });
    const tokenMax = shareWei / PRICE_WEI;
    if (tokenMax === 0n) continue;
    const rfcHash = `rfc ${i}`;
    meter.reserve({ rfcHash, user: `user ${i}`, day: 0n, shareWei, tokenMax, priceWei: PRICE_WEI });
    paidWei += meter.correct(rfcHash, tokenMax);
  }
  return paidWei;
}

/** The table of collusion by the share of MOR held. */
export function collusion(): AttackTable {
  const rows = [1n, 10n, 100n, 340n].map((permille) => {
    const balanceWei = (SUPPLY_WEI * permille) / 1_000n;
    const dayWei = collude(balanceWei, 1n);
    const own = { id: providerId(HONEST), weightUMor: uMor((dayWei * SEASON_DAYS) / 10n ** 12n) };
    const restUMor = ((BUDGET_WEI - dayWei) * SEASON_DAYS) / 10n ** 12n;
    const others = Array.from({ length: HONEST }, (_, i) => ({
      id: providerId(i),
      weightUMor: uMor(restUMor / BigInt(HONEST)),
    }));
    const { shares } = awardShares([...others, own], SEASON_POOL_UMOR);
    const share = shares.find(({ id }) => id === own.id)?.shareUMor ?? 0n;
    return [
      percent(permille, 1_000n),
      integer(dayWei / WEI_PER_MOR),
      percent(dayWei, BUDGET_WEI),
      percent(collude(balanceWei, SPLIT), BUDGET_WEI),
      percent(share, SEASON_POOL_UMOR),
    ];
  });
  return {
    title: "User and provider collude",
    about: `One who holds a share of all MOR reports work that was never done, to a provider of its own, up to what the meter gives. It gets the share of the day's budget (${integer(BUDGET_WEI / WEI_PER_MOR)} MOR) that it could have had answered, no more with ${integer(SPLIT)} addresses; and the same share of a season's pool, if everybody else's budget is used too.`,
    columns: ["share of MOR", "a day (MOR)", "of the budget", "of the budget, split", "of the season's pool"],
    rows,
  };
}
