export {
  createQualityGate,
  nsPerToken,
  type GateMean,
  type GateOutcome,
  type GateParams,
  type Measurement,
  type QualityGate,
} from "./gate.js";
export type { Sample } from "./window.js";
