// A switch for changes that sleep in compiled contracts, many in one compilation: planted mistakes (planted.mjs) and mutants
// (mutation/sleepers.ts). A change asks `awake(n)`; the balance of one account says which is awake, 0: none.
import { posix } from "node:path";

/** The account whose balance is the number of the change that is awake. */
export const SWITCH = 0xfa17;

/** Where the switch stands among the contracts. */
export const AWAKE_FILE = "contracts/types/Awake.sol";

/** The switch in Solidity: pure for the compiler, so that a change may sleep anywhere. */
export const AWAKE_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

function awake(uint256 change) pure returns (bool) {
    function(uint256) view returns (bool) reader = _reads;
    function(uint256) pure returns (bool) asPure;
    assembly ("memory-safe") {
        asPure := reader
    }
    return asPure(change);
}

function _reads(uint256 change) view returns (bool) {
    return address(${SWITCH}).balance == change;
}
`;

/** Write the line by which the contract `file` imports the switch. */
export function awakeImport(file: string): string {
  const path = posix.relative(posix.dirname(file), AWAKE_FILE);
  return `import {awake} from "${path.startsWith(".") ? path : `./${path}`}";`;
}
