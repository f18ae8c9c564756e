export { addressOfBytes, parseAddress } from "./address.js";
export { bytesToHex, concatBytes, hexToBytes, isHexBytes, writeHex } from "./hex.js";
export { hashPair, keccak256, keccak256Hex, keccak256Text } from "./keccak.js";
export type { CurveLibrary } from "./curve.js";
export { CURVE_LIBRARY, addressOfKey, recoverAddress, signDigest } from "./secp256k1.js";
