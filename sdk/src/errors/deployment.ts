import type { Address } from "../units/brands.js";
import { YellowstoneError } from "./base.js";

/** No deployment, or no MOR, is known on this chain. */
export class UnknownChain extends YellowstoneError<{ chainId: bigint; known: readonly bigint[] }> {
  constructor(chainId: bigint, known: readonly bigint[]) {
    super(`nothing is known of chain ${chainId}`, {
      code: "UnknownChain",
      data: { chainId, known },
      next: "Pass the addresses of your deployment, or connect to a known chain.",
      retry: "no",
    });
  }
}

/** There is no contract at an address of the deployment. */
export class NoCode extends YellowstoneError<{ contract: string; address: Address; chainId: bigint }> {
  constructor(contract: string, address: Address, chainId: bigint) {
    super(`${contract}: no code at ${address} on chain ${chainId}`, {
      code: "NoCode",
      data: { contract, address, chainId },
      next: "Check address and chain of the deployment.",
      retry: "no",
    });
  }
}

/** The code at the compute contract's address is not the code that was expected there. */
export class CodeMismatch extends YellowstoneError<{ address: Address; expected: string; actual: string }> {
  constructor(address: Address, expected: string, actual: string) {
    super(`code of ${address} hashes to ${actual}, expected ${expected}`, {
      code: "CodeMismatch",
      data: { address, expected, actual },
      next: "Do not use this address; take it from a source you trust.",
      retry: "no",
    });
  }
}

/** The compute contract is of another version than this SDK speaks, or is none. */
export class VersionMismatch extends YellowstoneError<{ address: Address; expected: string; actual: string }> {
  constructor(address: Address, expected: string, actual: string, cause?: unknown) {
    super(`compute contract ${address}: version ${actual}, expected ${expected}`, {
      code: "VersionMismatch",
      data: { address, expected, actual },
      next: "Use the SDK's version that was made for this deployment.",
      retry: "no",
      cause,
    });
  }
}

/** The contracts are older than those this package speaks. */
export class ContractOutdated extends YellowstoneError<VersionData> {
  constructor(address: Address, sdk: string, speaks: string, actual: string) {
    super(`compute contract ${address}: version ${actual}, this SDK (${sdk}) speaks ${speaks}`, {
      code: "ContractOutdated",
      data: { address, sdk, speaks, actual },
      next: "Install the SDK's release for that version: the table is in its README. Claims stay open there for ever.",
      retry: "no",
    });
  }
}

/** The contracts are newer than those this package speaks. */
export class SdkOutdated extends YellowstoneError<VersionData> {
  constructor(address: Address, sdk: string, speaks: string, actual: string) {
    super(`compute contract ${address}: version ${actual}, this SDK (${sdk}) speaks ${speaks}`, {
      code: "SdkOutdated",
      data: { address, sdk, speaks, actual },
      next: "Install a newer SDK: the table in its README says which.",
      retry: "no",
    });
  }
}

interface VersionData {
  readonly address: Address;
  readonly sdk: string;
  readonly speaks: string;
  readonly actual: string;
}

/** A contract says the right version, and its code is of no release that this package knows. */
export class CodeUnknown extends YellowstoneError<{
  contract: string;
  address: Address;
  sdk: string;
  known: readonly string[];
}> {
  constructor(contract: string, address: Address, sdk: string, known: readonly string[]) {
    super(`${contract} ${address}: its code is of none of the releases known here (${known.join(", ")})`, {
      code: "CodeUnknown",
      data: { contract, address, sdk, known },
      next: "Take the address from a source you trust, or install the SDK that was released with that deployment.",
      retry: "no",
    });
  }
}

/** Two contracts of a deployment do not name each other, or not the address that was given. */
export class WiringMismatch extends YellowstoneError<{ link: string; expected: Address; actual: Address }> {
  constructor(link: string, expected: Address, actual: Address) {
    super(`${link} is ${actual}, expected ${expected}`, {
      code: "WiringMismatch",
      data: { link, expected, actual },
      next: "Take all addresses from one deployment.",
      retry: "no",
    });
  }
}

/** The runner has no connection to a chain. */
export class ProviderMissing extends YellowstoneError {
  constructor() {
    super("the runner has no provider", {
      code: "ProviderMissing",
      data: {},
      next: "Connect the signer to a provider.",
      retry: "no",
    });
  }
}

/** The runner of the deployment can read and cannot send. */
export class SignerMissing extends YellowstoneError<{ verb: string }> {
  constructor(verb: string) {
    super(`${verb} needs a signer`, {
      code: "SignerMissing",
      data: { verb },
      next: "Connect with a signer, or send the unsigned call by other means.",
      retry: "no",
    });
  }
}
