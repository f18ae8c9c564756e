// `npm run sizes`: deployed and creation size of every contract that is deployed, against the limits of EIP-170 and EIP-3860.
import { readFileSync } from "node:fs";

const DEPLOYED = [
  "ComputeContract.sol/ComputeContract",
  "bootstrap/BootstrapPool.sol/BootstrapPool",
  "routers/RouterSet.sol/RouterSet",
  "providers/ProviderRegistry.sol/ProviderRegistry",
  "emission/LinearDecreaseSchedule.sol/LinearDecreaseSchedule",
  "periphery/ComputeLens.sol/ComputeLens",
];
const RUNTIME_LIMIT = 24_576;
const CREATION_LIMIT = 49_152;

let over = 0;
console.log("contract                 runtime  of 24,576   creation  of 49,152");
for (const path of DEPLOYED) {
  const { contractName, bytecode, deployedBytecode } = JSON.parse(
    readFileSync(`artifacts/contracts/${path}.json`, "utf8"),
  );
  const runtime = (deployedBytecode.length - 2) / 2;
  const creation = (bytecode.length - 2) / 2;
  if (runtime > RUNTIME_LIMIT || creation > CREATION_LIMIT) over += 1;
  const share = (size, limit) => `${((100 * size) / limit).toFixed(1)} %`.padStart(9);
  console.log(
    `${contractName.padEnd(24)} ${String(runtime).padStart(7)} ${share(runtime, RUNTIME_LIMIT)}  ${String(creation).padStart(9)} ${share(creation, CREATION_LIMIT)}`,
  );
}
if (over > 0) console.error(`${over} over the limit`);
process.exitCode = over === 0 ? 0 : 1;
