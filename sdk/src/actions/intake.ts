import { arrivalBookedEvent, dayOpenedEvent, type ArrivalBooked, type DayOpened } from "../events/reserve.js";
import type { Wei } from "../units/brands.js";
import { defineWrite } from "./write.js";

/** What an intake did: nothing at all if the day was open and nothing had arrived. */
export interface Intake {
  readonly opened: DayOpened | undefined;
  readonly booked: ArrivalBooked | undefined;
}

/**
 * Book the MOR that reached the compute contract and open the day (design 3). Anyone may. Returns what was booked, in wei.
 *
 * @example
 * const { outcome } = await intake.sendAndWait(d, {});
 */
export const intake = defineWrite<Record<never, never>, Wei, Intake>({
  verb: "intake",
  contract: "compute",
  method: "intake",
  params: () => [],
  returned: (result) => result[0] as Wei,
  outcome: (d, receipt) => ({
    opened: dayOpenedEvent.all(receipt, d.addresses.compute)[0],
    booked: arrivalBookedEvent.all(receipt, d.addresses.compute)[0],
  }),
});
