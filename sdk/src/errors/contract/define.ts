import type { contractErrorsAbi } from "../../abi/contractErrors.js";
import type { Address, Hash32, Hex } from "../../units/brands.js";
import { YellowstoneError, type Retry } from "../base.js";

type ErrorEntry = (typeof contractErrorsAbi)[number];
/** Name of a custom error of the contracts, their libraries or the token. */
export type ContractErrorName = ErrorEntry["name"];

interface Input {
  readonly name: string;
  readonly type: string;
}
type InputOf<Name extends ContractErrorName> = Extract<ErrorEntry, { name: Name }>["inputs"][number] & Input;
type ValueOf<Type extends string> = Type extends `uint${string}`
  ? bigint
  : Type extends "address"
    ? Address
    : Type extends "bytes32"
      ? Hash32
      : Type extends "bytes" | "bytes4"
        ? Hex
        : Type extends "bool"
          ? boolean
          : string;

/** Arguments of a custom error by their Solidity names. */
export type ContractErrorData<Name extends ContractErrorName> = {
  readonly [I in InputOf<Name> as I["name"]]: ValueOf<I["type"]>;
};

/** A custom error of the contracts: the class and its arguments have the names of the Solidity error. */
export abstract class ContractError<Data extends object = object> extends YellowstoneError<Data> {}

/** How an error is put into words, and what can be done about it. */
interface Wording<Name extends ContractErrorName> {
  readonly say: string | ((data: ContractErrorData<Name>) => string);
  readonly next: string;
  readonly retry: Retry;
}

/** Constructor of the class of one custom error. */
export interface ContractErrorClass<Name extends ContractErrorName> {
  new (data: ContractErrorData<Name>, cause?: unknown): ContractError<ContractErrorData<Name>>;
}

/** Make the base of the class of a custom error from its wording. */
export function contractError<Name extends ContractErrorName>(
  name: Name,
  { say, next, retry }: Wording<Name>,
): ContractErrorClass<Name> {
  return class extends ContractError<ContractErrorData<Name>> {
    constructor(data: ContractErrorData<Name>, cause?: unknown) {
      super(typeof say === "string" ? say : say(data), { code: name, data, next, retry, cause });
    }
  };
}
