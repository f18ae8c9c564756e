// `node --import`: what a test imports from sdk/src is taken from sdk/dist, so that all is counted in one form; built files
// are run as they are, without the loader of the tests, which would write their dynamic imports anew; and V8 keeps the code of functions
// that are not called for a while, with which it would forget that they were.
import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, URL } from "node:url";
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--no-flush-bytecode");

const SOURCES = new URL("../../../sdk/src/", import.meta.url).href;
const BUILT = new URL("../../../sdk/dist/", import.meta.url).href;

let runsAsTheyAre = false;

/** Hooks that come later are asked first: these come when the first built file does, behind those of the tests' loader. */
function runAsTheyAre() {
  if (runsAsTheyAre) return;
  runsAsTheyAre = true;
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(BUILT) || !url.endsWith(".js")) return nextLoad(url, context);
      return { format: "module", source: readFileSync(fileURLToPath(url)), shortCircuit: true };
    },
  });
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (/^(\.|file:)/.test(specifier)) {
      const { href } = new URL(specifier, context.parentURL);
      const url = href.replace(SOURCES, BUILT).replace(/\.ts$/, ".js");
      if (href.startsWith(SOURCES) && existsSync(fileURLToPath(url))) {
        runAsTheyAre();
        return { url, shortCircuit: true };
      }
    }
    const resolved = nextResolve(specifier, context);
    if (resolved.url.startsWith(BUILT)) runAsTheyAre();
    return resolved;
  },
});
