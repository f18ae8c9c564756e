import type { Curve } from "./curve.js";
import { nativeCurve } from "./curveNative.js";

/** For Node: compiled for this machine if that is installed, as WebAssembly otherwise. Both give the same, to the bit. */
export const curve: Curve = (await nativeCurve()) ?? (await import("./curveWasm.js")).curve;
