import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import Access from "./Access.js";

/** The emission of the compute bucket. */
export default buildModule("Schedule", (m) => {
  const { authority } = m.useModule(Access);
  const parameters = [
    m.getParameter<bigint>("initialWei"),
    m.getParameter<bigint>("decreaseWei"),
    m.getParameter<bigint>("startAt"),
    m.getParameter<bigint>("intervalSeconds"),
  ];
  return { schedule: m.contract("LinearDecreaseSchedule", parameters, { after: [authority] }) };
});
