export { accessManagerAbi } from "./accessManager.js";
export { computeContractAbi } from "./computeContract.js";
export { computeLensAbi } from "./computeLens.js";
export { contractErrorsAbi } from "./contractErrors.js";
export { emissionScheduleAbi } from "./emissionSchedule.js";
export { erc20Abi } from "./erc20.js";
export { providerRegistryAbi } from "./providerRegistry.js";
export { routerSetAbi } from "./routerSet.js";
