export { addressesOf, type Addresses, type KnownAddresses } from "./addresses.js";
export { connect, type ConnectOptions } from "./connect.js";
export type { Contracts, Deployment, Erc20 } from "./deployment.js";
export { morAddressOf } from "./mor.js";
