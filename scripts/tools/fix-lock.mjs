// Keeps package-lock.json installable by `npm ci` on every host. Run after each `npm install` that touches it:
//   npm run fix-lock
// 1. EDR's native packages are optional and ask for Node >= 22. npm judges that by the Node that runs npm itself, so on a
//    Node 20 host they would be skipped in silence although Hardhat runs on the bundled Node 24. Their `engines` go.
// 2. Optional packages of other platforms that the registry could not resolve get a stub entry (never installed here);
//    without it npm refuses the lock file as incomplete.
import { readFileSync, writeFileSync } from "node:fs";

const file = process.argv[2] ?? "package-lock.json";
const lock = JSON.parse(readFileSync(file, "utf8"));

const OS = /darwin|linux|win32/;
const CPU = { arm64: "arm64", x64: "x64", amd64: "x64" };

function stubOf(name, version, parent) {
  const os = OS.exec(name)?.[0];
  const cpu = CPU[/arm64|x64|amd64/.exec(name)?.[0]];
  if (!os || !cpu || !/^\d+\.\d+\.\d+/.test(version)) return undefined;
  const stub = { version, cpu: [cpu], optional: true, os: [os] };
  if (parent.dev) stub.dev = true;
  if (os === "linux" && /musl|gnu/.test(name)) stub.libc = [/musl/.test(name) ? "musl" : "glibc"];
  return stub;
}

let added = 0;
for (const [path, pkg] of Object.entries(lock.packages)) {
  if (path === "") continue;
  for (const [name, version] of Object.entries(pkg.optionalDependencies ?? {})) {
    if (Object.keys(lock.packages).some((known) => known.endsWith(`node_modules/${name}`))) continue;
    const stub = stubOf(name, version, pkg);
    if (stub === undefined) continue;
    lock.packages[`node_modules/${name}`] = stub;
    added += 1;
  }
}

let stripped = 0;
for (const [path, pkg] of Object.entries(lock.packages)) {
  if (!path.includes("@nomicfoundation/edr-") || pkg.engines === undefined) continue;
  delete pkg.engines;
  stripped += 1;
}

const byPath = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`fix-lock: ${stripped} engines dropped, ${added} stubs added`);
