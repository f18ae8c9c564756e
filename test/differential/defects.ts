import { Reserve } from "./model/reserve.js";
import type { System } from "./model/system.js";
import { totalOf } from "./model/seasons.js";
import { UMOR, above, min } from "./model/units.js";

/** A mistake in the model that the comparison has to find. */
export interface Defect {
  readonly name: string;
  /** Seed of a session in which it shows early; 5 unless given. */
  readonly seed?: bigint;
  readonly plant: (system: System) => void;
}

/** Let a figure of the reserve be computed in another way. */
function redefine(reserve: Reserve, figure: "budget" | "allowance", get: () => bigint): void {
  Object.defineProperty(reserve, figure, { get });
}

/** Do something whenever a day of `reserve` was opened; `before` is what it was. Copies, by which the driver looks ahead, roll as ever. */
function afterRoll(reserve: Reserve, then: (before: { fresh: bigint; budget: bigint; drawn: bigint }) => void): void {
  reserve.roll = function (this: Reserve, now) {
    const before = { fresh: this.fresh, budget: this.budget, drawn: this.drawn };
    const logs = Reserve.prototype.roll.call(this, now);
    if (this === reserve && logs.length > 0) then(before);
    return logs;
  };
}

/** Mistakes of the kinds that were made elsewhere: rounding, boundaries, forgotten and doubled bookings. */
export const DEFECTS: readonly Defect[] = [
  {
    name: "1 % of the opening rounds up",
    plant: ({ reserve }) => {
      redefine(reserve, "budget", () => (reserve.opening + 99n) / 100n + min(reserve.fresh, reserve.scheduled));
    },
  },
  {
    name: "a day carries its rest over to the next",
    plant: ({ reserve }) => {
      const carried = { wei: 0n };
      redefine(reserve, "budget", () => {
        return reserve.opening / 100n + min(reserve.fresh, reserve.scheduled) + carried.wei;
      });
      afterRoll(reserve, (before) => (carried.wei = above(before.budget, before.drawn)));
    },
  },
  {
    name: "a day turns one second late",
    plant: ({ emission }) => {
      const dayOf = emission.dayOf.bind(emission);
      emission.dayOf = (t) => dayOf(t - 1n);
    },
  },
  {
    name: "the allowance forgets what was reserved",
    plant: ({ reserve }) => {
      redefine(reserve, "allowance", () => min(reserve.unused, reserve.budget));
    },
  },
  {
    name: "a day does not use its arrivals up",
    plant: ({ reserve }) => {
      afterRoll(reserve, (before) => (reserve.fresh = before.fresh));
    },
  },
  {
    name: "arrivals raise the opening of the day",
    plant: ({ reserve }) => {
      reserve.book = function (this: Reserve, now) {
        const { unused } = this;
        const logs = Reserve.prototype.book.call(this, now);
        this.opening += this.unused - unused;
        return logs;
      };
    },
  },
  {
    name: "a veto does not give the room of debits back",
    plant: ({ reserve }) => {
      reserve.releaseDebits = () => undefined;
    },
  },
  {
    name: "an attestation is active one second late",
    plant: ({ ledger }) => {
      ledger.isActive = ({ activeAt }, now) => activeAt < now;
    },
  },
  {
    name: "a claim does not settle",
    plant: ({ ledger }) => {
      ledger.settle = () => undefined;
    },
  },
  {
    name: "netted debt stays owed",
    plant: ({ reserve }) => {
      reserve.absorb = () => undefined;
    },
  },
  {
    name: "a bond covers debt to the wei",
    plant: ({ registry }) => {
      registry.covered = ({ bondWei, debtUMor }) => min((bondWei + UMOR - 1n) / UMOR, debtUMor);
    },
  },
  {
    name: "another router set has the same epoch",
    plant: ({ routers }) => {
      const change = routers.change.bind(routers);
      routers.change = (list, threshold) => {
        routers.set = { ...routers.set, epoch: routers.set.epoch - 1n };
        return change(list, threshold);
      };
    },
  },
  {
    name: "a pause lasts one second longer",
    seed: 1n,
    plant: (system) => {
      system.isPaused = (now) => now <= system.pausedUntil && system.pausedUntil > 0n;
    },
  },
  {
    name: "a season is weighed by the newest root",
    plant: ({ ledger }) => {
      ledger.standingAt = () => ledger.head;
    },
  },
  {
    name: "shares of a season round up",
    seed: 1n,
    plant: ({ seasons }) => {
      seasons.shareOf = ({ list, poolUMor }, rank) => {
        const total = totalOf(list);
        return (poolUMor * list[rank]!.weightUMor + total - 1n) / total;
      };
    },
  },
];
