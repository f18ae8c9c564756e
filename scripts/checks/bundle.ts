// Bundles for browsers: what a page downloads of the SDK. Nothing of Node can be in one: esbuild knows no `node:` module for
// this platform and fails.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** A minified bundle and what it weighs. */
export interface Bundle {
  readonly code: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Files that are in it. */
  readonly inputs: readonly string[];
}

/** What stands at the beginning of a bundle. */
export interface BundleSource {
  readonly contents: string;
  /** Folder from which packages are found. */
  readonly resolveDir: string;
  /** Packages that the page has anyway. */
  readonly external?: readonly string[];
}

/** Bundle TypeScript for a browser, as an ES module. @throws esbuild's BuildFailure, when something needs Node */
export async function bundleForBrowser({ contents, resolveDir, external = [] }: BundleSource): Promise<Bundle> {
  const result = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    external: [...external],
    logLevel: "silent",
  });
  const code = result.outputFiles[0]?.text ?? "";
  const inputs = Object.values(result.metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const bytes = new TextEncoder().encode(code);
  return { code, bytes: bytes.length, gzipBytes: gzipSync(bytes).length, inputs };
}
