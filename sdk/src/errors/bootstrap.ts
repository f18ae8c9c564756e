import { YellowstoneError } from "./base.js";

/** The parameters of a bootstrap window do not describe one. Moments in Unix seconds. */
export class InvalidWindow extends YellowstoneError<{ field: string; expected: string; actual: bigint }> {
  constructor(field: string, expected: string, actual: bigint) {
    super(`bootstrap window: ${field} must be ${expected}, got ${actual}`, {
      code: "InvalidWindow",
      data: { field, expected, actual },
      next: `Read ${field} from the bootstrap pool of the deployment.`,
      retry: "no",
    });
  }
}

/** Two ledgers that cannot be the roots of one season: a lifetime credit is lower in the later one. */
export class LaneShrunk extends YellowstoneError<{ providerId: number; beforeUMor: bigint; afterUMor: bigint }> {
  constructor(providerId: number, beforeUMor: bigint, afterUMor: bigint) {
    super(`provider ${providerId} has ${beforeUMor} uMOR before and ${afterUMor} uMOR after`, {
      code: "LaneShrunk",
      data: { providerId, beforeUMor, afterUMor },
      next: "Give the ledger of the season's beginning first, that of its end second.",
      retry: "no",
    });
  }
}

/** Bytes or entries that are not the list of a season. */
export class InvalidSeasonList extends YellowstoneError<{ reason: string }> {
  constructor(reason: string) {
    super(`season list: ${reason}`, {
      code: "InvalidSeasonList",
      data: { reason },
      next: "Rebuild the list from the season's events with readSeason.",
      retry: "no",
    });
  }
}

/** Even one word of the ledger, proved against both roots, does not fit the limits of a transaction. */
export class EntryTooLarge extends YellowstoneError<{ bytes: number; gas: number; maxBytes: number; maxGas: number }> {
  constructor(bytes: number, gas: number, maxBytes: number, maxGas: number) {
    super(`smallest entry: ${bytes} bytes and ${gas} gas, limits ${maxBytes} and ${maxGas}`, {
      code: "EntryTooLarge",
      data: { bytes, gas, maxBytes, maxGas },
      next: "Use the limits of the chain the contract is deployed to.",
      retry: "no",
    });
  }
}
