// Wrong twins: a property over code with one planted mistake, which must end in a counterexample.

const DEBITS = "contracts/ledger/PackedDebits.sol";
const MATH = "contracts/libraries/DrawdownMath.sol";
const SETTLEMENT = "contracts/ledger/Settlement.sol";
const PAYEES = "contracts/providers/PackedPayees.sol";
const RANGE = "contracts/libraries/PackedRange.sol";

/** @type {{contract: string, check: string, name: string, edit: import("./compile.mjs").Edit}[]} */
export const TWINS = [
  twin(
    "DebitPacking.check_DebitAt",
    "the amount is read a byte late",
    DEBITS,
    "bytes8(entry[4:12])",
    "bytes8(entry[5:13])",
  ),
  twin(
    "DebitPacking.check_TotalOf",
    "an entry may take nothing",
    DEBITS,
    "debit.amountUMor != 0",
    "debit.amountUMor >= 0",
  ),
  twin("DebitPacking.check_TotalOf", "the end is the highest id", DEBITS, "debit.providerId + 1", "debit.providerId"),
  twin(
    "DebitPacking.check_Count",
    "33 entries are taken",
    DEBITS,
    "entries <= MAX_DEBITS",
    "entries <= MAX_DEBITS + 1",
  ),
  twin(
    "PayeeSlots.check_SetPayout",
    "a bit of the old address shines through",
    PAYEES,
    "_replace(book, own, ADDRESS, to)",
    "_replace(book, own, ADDRESS >> 1, to)",
  ),
  twin(
    "PayeeSlots.check_SetPayout",
    "the halves of lane 3 change places",
    PAYEES,
    "_replace(book, own + 1, THERE, (to & HALF) << 160)",
    "_replace(book, own + 1, THERE, (to >> 80) << 160)",
  ),
  twin(
    "PayeeSlots.check_SetDebt",
    "a debt of lane 3 is noted where that of lane 0 is",
    PAYEES,
    "own == index ? OWES : FOURTH_OWES",
    "own == index ? OWES : OWES",
  ),
  twin("PayeeSlots.check_Load", "a payee that was not asked for is given", PAYEES, "and(a, zeroth)", "and(a, ADDRESS)"),
  twin(
    "LaneDecoding.check_Decode",
    "the upper lanes move a bit too far",
    RANGE,
    "(1 << 128) - (1 << (2 * bits))",
    "(1 << 129) - (1 << (2 * bits))",
  ),
  twin(
    "LaneDecoding.check_DecodeSingle",
    "a bit of padding is let through",
    RANGE,
    "require(word <= Memory.load(decoder + 0x20)",
    "require(word >> 1 <= Memory.load(decoder + 0x20)",
  ),
  twin(
    "RangeHeader.check_TakeRange",
    "an odd count of words is taken",
    RANGE,
    "level == 0 || count & 1 == 0",
    "level == 0 || count & 1 <= 1",
  ),
  twin(
    "RangeHeader.check_TakeUint",
    "a byte behind the end is read",
    RANGE,
    "require(length <= available,",
    "require(length <= available + 1,",
  ),
  twin(
    "DrawdownArithmetic.check_Allowance",
    "what was drawn is not taken off",
    MATH,
    "min(unusedWei, budgetWei - drawnWei)",
    "min(unusedWei, budgetWei)",
  ),
  twin(
    "DrawdownArithmetic.check_ToWei",
    "a unit is one wei more",
    MATH,
    "amountUMor * WEI_PER_UMOR",
    "amountUMor * (WEI_PER_UMOR + 1)",
  ),
  twin("ClaimEntries.check_Add", "the whole debt is netted", SETTLEMENT, "if (netted > due) netted = due;", ""),
  twin(
    "ClaimEntries.check_Fail",
    "a failure wipes what was netted",
    SETTLEMENT,
    "Memory.store(entry + 0x20, Memory.load(entry + 0x20) | FAILED)",
    "Memory.store(entry + 0x20, FAILED)",
  ),
  twin(
    "ClaimEntries.check_Less",
    "the lane beside it is lessened",
    SETTLEMENT,
    "<< (lane * 64)",
    "<< ((lane ^ 1) * 64)",
  ),
  twin(
    "ClaimEntries.check_PaidList",
    "payments stand a byte apart",
    SETTLEMENT,
    "next = place + PAYMENT_BYTES",
    "next = place + PAYMENT_BYTES + 1",
  ),
];

function twin(property, name, source, find, replace) {
  const [contract, check] = property.split(".");
  return { contract, check, name, edit: { source, find, replace } };
}
