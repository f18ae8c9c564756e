declare const brand: unique symbol;

/** A value of type `T` that only the constructor of its brand makes. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: { readonly [K in Name]: true } };

/** `0x` and an even number of hex digits. */
export type Hex = `0x${string}`;
/** 20 bytes in the mixed-case form of EIP-55. */
export type Address = Brand<Hex, "Address">;
/** 32 bytes in lower-case hex. */
export type Hash32 = Brand<Hex, "Hash32">;
/** keccak256 of a model's canonical manifest (design 2). A `Hash32`. */
export type ModelId = Brand<Hash32, "ModelId">;

/** MOR in wei: 1e18 = 1 MOR. */
export type Wei = Brand<bigint, "Wei">;
/** MOR in the ledger's unit: 1 uMOR = 1e12 wei. */
export type UMor = Brand<bigint, "UMor">;
/** Dense id of a provider: 0, 1, 2, ... (design 5). */
export type ProviderId = Brand<bigint, "ProviderId">;
/** A moment in Unix seconds. */
export type UnixSeconds = Brand<bigint, "UnixSeconds">;
/** A stamp in Unix milliseconds. */
export type UnixMillis = Brand<bigint, "UnixMillis">;
