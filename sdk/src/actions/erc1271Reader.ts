import { Interface, type Provider } from "ethers";
import { ChainRequestFailed } from "../errors/chain.js";
import { decodeError } from "../errors/decode.js";
import type { Erc1271Reader } from "../messages/verify.js";
import { read } from "./read.js";

const ERC1271 = new Interface(["function isValidSignature(bytes32 digest, bytes signature) view returns (bytes4)"]);
/** What a wallet answers that accepts, as one word: anything in its other 28 bytes is no answer. */
const ACCEPTED = `0x1626ba7e${"0".repeat(56)}`;
/** 200,000 for the wallet, as contracts/routers/RouterSet.sol gives it, and what the call itself costs. */
const GAS_LIMIT = 260_000n;
const OUT_OF_GAS = /out of gas|OutOfGas/i;

/**
 * Ask contract wallets on a chain whether they accept a signature, as the contracts do: by a static call with little gas.
 * Hand it to `verifyMessage`, `createRouter` or `createCoSigner`. A wallet's answer may change with its owners.
 *
 * @throws from the reader ChainRequestFailed when the node does not answer: that says nothing about the signature
 */
export function erc1271Reader(provider: Provider): Erc1271Reader {
  return async (signer, digest, signature) => {
    const code = await read(() => provider.getCode(signer));
    if (code === "0x") return undefined;
    const data = ERC1271.encodeFunctionData("isValidSignature", [digest, signature]);
    try {
      const answer = await provider.call({ to: signer, data, gasLimit: GAS_LIMIT });
      return answer.slice(0, 66) === ACCEPTED;
    } catch (error) {
      const failure = decodeError(error);
      // A wallet that reverts, or is still at it when its gas is gone, refuses; a node that fails says nothing.
      if (failure instanceof ChainRequestFailed && !OUT_OF_GAS.test(failure.message)) throw failure;
      return false;
    }
  };
}
