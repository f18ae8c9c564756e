import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The emission of the compute bucket. */
export default buildModule("Schedule", (m) => {
  const schedule = m.contract("LinearDecreaseSchedule", [
    m.getParameter<bigint>("initialWei"),
    m.getParameter<bigint>("decreaseWei"),
    m.getParameter<bigint>("startAt"),
    m.getParameter<bigint>("intervalSeconds"),
  ]);
  return { schedule };
});
