export { addressesOf, type Addresses, type KnownAddresses, type PublishedDeployment } from "./addresses.js";
export { assertCompatible, CONTRACT_VERSION, type Compatibility } from "./compatibility.js";
export { RELEASED_CODES, type ComparedContract, type ReleasedCode, type ReleasedCodes } from "./codes.js";
export { connect, type ConnectOptions } from "./connect.js";
export type { Contracts, Deployment, Erc20 } from "./deployment.js";
export { fingerprintOf, type CodeFingerprint } from "./fingerprint.js";
export { morAddressOf } from "./mor.js";
export { PUBLISHED } from "./published.js";
export { PERMISSIONS, type ChangingContract, type Permission } from "./permissions.js";
export {
  ADMIN_ROLE,
  GOVERNANCE_ROLE,
  GUARDIAN_ROLE,
  RESTRICTED_FUNCTIONS,
  selectorsOf,
  type RestrictedContract,
  type RestrictedFunction,
} from "./roles.js";
export { SDK_VERSION } from "./version.js";
