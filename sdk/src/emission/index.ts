export { cumulativeWei, linearDecrease, scheduledWei, type LinearDecrease } from "./linearDecrease.js";
