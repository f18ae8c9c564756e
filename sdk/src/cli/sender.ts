import { Wallet, type Provider, type Signer } from "ethers";
import { bytesToHex } from "../crypto/index.js";
import { bindContracts, type Deployment } from "../deployment/deployment.js";
import { CommandLineInvalid } from "../errors/service.js";
import { localSigner, type TypedDataSigner } from "../messages/index.js";
import { loadKey } from "../service/keys.js";
import { address, type Address } from "../units/index.js";
import { urlOf } from "./arguments.js";
import type { Context, OptionSpecs } from "./command.js";
import { openExternalSigner } from "./externalSigner.js";
import { passwordOf } from "./password.js";

/** Options that say whose key signs. A key itself never stands on a command line. */
export const KEY_OPTIONS: OptionSpecs = {
  keystore: { value: "FILE", about: "keystore (V3) with the key; YELLOWSTONE_KEYSTORE without it" },
  "password-file": {
    value: "FILE",
    about: "its password; without it YELLOWSTONE_PASSWORD_FILE, YELLOWSTONE_PASSWORD, or a question without echo",
  },
  "key-env": { value: "NAME", about: "environment variable with the key, 32 bytes of hex; YELLOWSTONE_KEY without it" },
  signer: {
    value: "URL",
    about:
      "external signer by JSON-RPC, such as Web3Signer (eth_accounts, eth_sendTransaction, eth_signTypedData_v4); " +
      "YELLOWSTONE_SIGNER without it",
  },
  from: { value: "ADDRESS", about: "account: one of the external signer's, or whose call a dry run without key is" },
};

/** Where a key is. */
type Source =
  | { readonly kind: "keystore"; readonly path: string }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "signer"; readonly url: string };

/** What the options say of the key: one place, or none. @throws CommandLineInvalid */
function sourceOf({ args, around: { env } }: Context): Source | undefined {
  const given = (["keystore", "key-env", "signer"] as const).filter((name) => args.flag(name));
  if (given.length > 1)
    throw new CommandLineInvalid(`one key is enough: ${given.map((name) => `--${name}`).join(", ")}`);
  const set = (name: string) => (env[name] === undefined || env[name] === "" ? undefined : env[name]);
  const keystore = args.text("keystore") ?? (given.length === 0 ? set("YELLOWSTONE_KEYSTORE") : undefined);
  if (keystore !== undefined) return { kind: "keystore", path: keystore };
  const name = args.text("key-env") ?? (given.length === 0 && set("YELLOWSTONE_KEY") ? "YELLOWSTONE_KEY" : undefined);
  if (name !== undefined) {
    if (!/^[A-Za-z_]\w{0,127}$/.test(name) || /^(0x)?[0-9a-f]{64}$/i.test(name)) {
      // What stands here may be a key that was pasted: it is not shown.
      throw new CommandLineInvalid("--key-env takes the name of an environment variable");
    }
    return { kind: "env", name };
  }
  const signer = args.url("signer") ?? set("YELLOWSTONE_SIGNER");
  return signer === undefined ? undefined : { kind: "signer", url: urlOf(signer, "YELLOWSTONE_SIGNER") };
}

/** The place of the key. @throws CommandLineInvalid unless there is one */
function needSource(context: Context): Source {
  const source = sourceOf(context);
  if (source === undefined) {
    throw new CommandLineInvalid("no key is named: --keystore FILE, --key-env NAME or --signer URL");
  }
  return source;
}

/** Whether a key is named. @throws CommandLineInvalid when more than one is */
export function hasKey(context: Context): boolean {
  return sourceOf(context) !== undefined;
}

/** Load a key of this process; undefined for an external signer. @throws KeyUnavailable, CommandLineInvalid */
export async function keyOf(context: Context): Promise<Uint8Array | undefined> {
  const source = needSource(context);
  return source.kind === "signer" ? undefined : load(context, source);
}

async function load(context: Context, source: Exclude<Source, { kind: "signer" }>): Promise<Uint8Array> {
  const { env } = context.around;
  if (source.kind === "env") return loadKey({ env: source.name }, env);
  const password = await passwordOf(context, source.path);
  context.print.progress("opening the keystore");
  return loadKey({ keystore: source.path, passwordEnv: "PASSWORD" }, { PASSWORD: password });
}

/** Open the signer that pays and sends. @throws KeyUnavailable, CommandLineInvalid, ExternalSignerFailed */
export async function openSender(context: Context, provider: Provider): Promise<Signer> {
  const source = needSource(context);
  const wanted = context.args.address("from");
  if (source.kind === "signer") return openExternalSigner(source.url, provider, wanted);
  const wallet = new Wallet(bytesToHex(await load(context, source)), provider);
  requireWanted(wallet.address, wanted);
  return wallet;
}

/** Open the signer of messages: no chain is needed. @throws as `openSender` */
export async function openMessageSigner(context: Context, provider: Provider): Promise<TypedDataSigner> {
  const source = needSource(context);
  const wanted = context.args.address("from");
  if (source.kind === "signer") return openExternalSigner(source.url, provider, wanted);
  const signer = localSigner(await load(context, source));
  requireWanted(signer.address, wanted);
  return signer;
}

/** The same deployment on another runner; it was checked already. */
export function withRunner(d: Deployment, runner: Signer): Deployment {
  return Object.freeze({ ...d, ...bindContracts(d.addresses, runner), runner });
}

function requireWanted(actual: string, wanted: Address | undefined): void {
  if (wanted !== undefined && address(actual) !== wanted) {
    throw new CommandLineInvalid(`--from ${wanted} is not the key's account, ${actual}`);
  }
}
