// What is proved, how many facts each proof must bring, and the wrong twins that must be refuted in the same run.

const BOOKS = "contracts/reserve/ReserveBooks.sol";
const MATH = "contracts/libraries/DrawdownMath.sol";

const guard = (contract, facts) => proof(`test/proofs/guard/${contract}.sol`, contract, facts);
const buckets = (contract, facts) => proof(`test/proofs/buckets/${contract}.sol`, contract, facts);

/** A proof: `facts` results "safe", no fewer and no more, and nothing else from the checker. */
export const PROOFS = [
  guard("GuardBegins", 3),
  guard("GuardKeptByRoll", 1),
  guard("GuardKeptByBook", 1),
  guard("GuardKeptByReserve", 1),
  guard("GuardKeptByRelease", 1),
  guard("GuardKeptByPayment", 6),
  guard("DebitsKeptByReserve", 1),
  buckets("BucketsBegin", 1),
  buckets("BucketsKeptByArrivals", 2),
  buckets("BucketsKeptByCredits", 2),
  buckets("BucketsKeptByPayment", 4),
];

/** A twin: a proof over books with one planted mistake. It must end in a counterexample. */
export const TWINS = [
  twin("the roll keeps yesterday's mark of what was attested", "GuardKeptByRoll", {
    source: BOOKS,
    find: "        attestedAtOpeningUMor = attested;\n        scheduledTodayWei",
    replace: "        scheduledTodayWei",
  }),
  twin("the roll does not use up fresh arrivals", "GuardKeptByRoll", {
    source: BOOKS,
    find: "        fresh -= DrawdownMath.min(fresh, scheduledTodayWei);\n",
    replace: "",
  }),
  twin("the guard lets one wei more through", "GuardKeptByReserve", {
    source: BOOKS,
    find: "requestedWei > unused || requestedWei > roomWei",
    replace: "requestedWei > unused || requestedWei > roomWei + 1",
  }),
  twin("the room is the larger of arrivals and schedule", "GuardKeptByRoll", {
    source: MATH,
    find: "+ min(freshWei, scheduledTodayWei)",
    replace: "+ (freshWei < scheduledTodayWei ? scheduledTodayWei : freshWei)",
  }),
  twin("the debits of the day are counted one by one", "DebitsKeptByReserve", {
    source: BOOKS,
    find: "DrawdownMath.toWei(sumUMor) + DrawdownMath.toWei(before)",
    replace: "DrawdownMath.toWei(sumUMor)",
  }),
  twin("a veto does not clip the day's mark", "GuardKeptByRelease", {
    source: BOOKS,
    find: "            attestedAtOpeningUMor = attested;\n            _limitWei",
    replace: "            _limitWei",
  }),
  twin("a veto clips the day's mark and keeps its limit", "GuardKeptByRelease", {
    source: BOOKS,
    find: "            _limitWei -= DrawdownMath.toWei(atOpening - attested);\n",
    replace: "",
  }),
  twin("the bootstrap pool's share counts as fresh", "GuardKeptByBook", {
    source: BOOKS,
    find: "fresh += free;",
    replace: "fresh += amountWei;",
  }),
  twin("a booking leaves the room as it was", "GuardKeptByBook", {
    source: BOOKS,
    find: "        _limitWei += DrawdownMath.min(fresh, scheduledTodayWei) - room;\n",
    replace: "",
  }),
  twin("a release counts no credits first", "BucketsKeptByCredits", {
    source: BOOKS,
    find: "        uint104 owed = owedWei();\n        require",
    replace: "        uint104 owed = _owedWei;\n        require",
  }),
  twin("a release forgets the free pool", "BucketsKeptByCredits", {
    source: BOOKS,
    find: "        _countedUMor = attested;\n        _unusedWei += amountWei;\n",
    replace: "        _countedUMor = attested;\n",
  }),
];

function proof(file, contract, facts) {
  return { name: contract, file, contract, facts, targets: ["assert"] };
}

function twin(name, contract, edit) {
  const of = PROOFS.find((each) => each.contract === contract);
  if (!of) throw new Error(`twin "${name}": no proof ${contract}`);
  return { ...of, name: `${contract}, ${name}`, edit };
}
