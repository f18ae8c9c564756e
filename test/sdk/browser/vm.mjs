// Runs a page's module in a context that has what every browser has and nothing of Node:
//   node --experimental-vm-modules vm.mjs MODULE ARGUMENTS
// Prints what `run` of the module gives, as JSON.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const WEB =
  `AbortController AbortSignal Event EventTarget Headers Request Response TextDecoder TextEncoder URL URLSearchParams
  atob btoa clearInterval clearTimeout console crypto fetch performance queueMicrotask setInterval setTimeout`.split(
    /\s+/,
  );

async function runPage(file, given) {
  const context = vm.createContext(Object.fromEntries(WEB.map((name) => [name, globalThis[name]])));
  vm.runInContext("globalThis.self = globalThis.window = globalThis", context);
  const page = new vm.SourceTextModule(readFileSync(file, "utf8"), { context });
  await page.link((name) => {
    throw new Error(`${name} is not in the bundle`);
  });
  await page.evaluate();
  console.log(JSON.stringify(await page.namespace.run(JSON.parse(given))));
}

// A test runner that loads every file of the folder runs none.
if (process.argv[1] === import.meta.filename) await runPage(...process.argv.slice(2));
