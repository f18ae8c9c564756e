// A router on a journal that is killed: `tsx child.ts PATH SEED STEPS POINT`. It says on stdout what left it, line by line.
import { writeSync } from "node:fs";
import { openRouter, openSqliteStorage, type JournalStorage } from "@yellowstone-compute/sdk/journal";
import { localSigner, type TypedDataSigner } from "@yellowstone-compute/sdk/messages";
import { keccak256Text as id } from "@yellowstone-compute/sdk/crypto";
import { crashBasis, type Point } from "./basis.js";
import { Stream } from "./stream.js";

const [path = "", seed = "0", steps = "0", point = "never 0"] = process.argv.slice(2);
const [where, nth] = point.split(" ") as [Point, string];
const say = (text: string): void => void writeSync(1, `${text}\n`);

let left = Number(nth);
const pass = (place: Point): void => {
  if (place === where && --left === 0) process.kill(process.pid, "SIGKILL");
};

/** Dies before or after a call, when it is the nth. */
function around<T>(name: "append" | "sign" | "compact", call: () => T): T {
  pass(`before-${name}`);
  const result = call();
  pass(`after-${name}`);
  return result;
}

/** The life of the child. */
async function live(): Promise<void> {
  const file = await openSqliteStorage(path);
  const storage: JournalStorage = {
    header: () => file.header(),
    begin: (header, snapshot) => file.begin(header, snapshot),
    append: (batch) => around("append", () => file.append(batch)),
    read: (position) => file.read(position),
    snapshot: () => file.snapshot(),
    compact: (...args) => around("compact", () => file.compact(...args)),
    size: () => file.size(),
    close: () => file.close(),
  };
  const key = localSigner(id("router"));
  const signer: TypedDataSigner = {
    getAddress: () => key.getAddress(),
    signTypedData: async (...args) => {
      pass("before-sign");
      const signature = await key.signTypedData(...args);
      pass("after-sign");
      return signature;
    },
  };
  const router = await openRouter({ ...crashBasis, signer, storage });
  const stream = new Stream(router, Number(seed), (seq, digest) => {
    say(`signed ${seq} ${digest}`);
    pass("before-post");
  });
  await stream.begin();
  say("go");
  for (let i = 0; i < Number(steps); i++) {
    await stream.step();
    say(`step ${i}`);
    for (const { hash, signed } of stream.closed.splice(0)) say(`block ${signed.value.height} ${hash}`);
  }
  // Killed at any time: also when there is nothing to do any more.
  if (where === "any-time") setInterval(() => undefined, 1_000);
  else router.close();
}

// A test runner that loads every file of the folder does not start one.
if (process.argv[1] === import.meta.filename) await live();
