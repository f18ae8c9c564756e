// One small mistake for each invariant the campaign checks (SPEC S8): where it is planted, and what it does. `HERE` in `to` is
// true while this plant is alive; all of them are compiled at once, and one at a time is woken.
//   law   the invariant that is to fail
//   edits file below contracts/, text that stands there once, and what takes its place

const compute = "ComputeContract.sol";
const books = "reserve/ReserveBooks.sol";
const reserve = "reserve/Reserve.sol";
const accrual = "reserve/BootstrapAccrual.sol";
const ledger = "ledger/Ledger.sol";
const records = "providers/ProviderRecords.sol";
const registry = "providers/ProviderRegistry.sol";
const routers = "routers/RouterSet.sol";
const pool = "bootstrap/BootstrapPool.sol";
const lens = "periphery/ComputeLens.sol";

const plant = (law, what, ...edits) => ({ law, what, edits: edits.map(([file, from, to]) => ({ file, from, to })) });

export const PLANTS = [
  plant(
    "I1",
    "a payment is taken out of the books after it is made",
    [
      compute,
      "        _settle(DrawdownMath.toWei(sumUMor));\n",
      "        if (!HERE) _settle(DrawdownMath.toWei(sumUMor));\n",
    ],
    [
      compute,
      "        complete = paidUMor == sumUMor;\n",
      "        if (HERE) _settle(DrawdownMath.toWei(sumUMor));\n        complete = paidUMor == sumUMor;\n",
    ],
  ),
  plant("I2", "a claim books arrivals", [
    compute,
    "        Settlement.Batch memory batch = _settleRanges(_activeRoot(seq), ranges);\n",
    "        if (HERE) _intake();\n        Settlement.Batch memory batch = _settleRanges(_activeRoot(seq), ranges);\n",
  ]),
  plant("I3", "a veto leaves 1 uMOR owed", [
    books,
    "        uint104 amountWei = DrawdownMath.toWei(creditedUMor);\n        uint104 owed = owedWei();\n",
    "        uint104 amountWei = DrawdownMath.toWei(HERE && creditedUMor != 0 ? creditedUMor - 1 : creditedUMor);\n        uint104 owed = owedWei();\n",
  ]),
  plant("I4", "a day's room is rounded up", [
    "libraries/DrawdownMath.sol",
    "return openingWei / DRAWDOWN_PARTS + min(",
    "return openingWei / DRAWDOWN_PARTS + (HERE ? 1 : 0) + min(",
  ]),
  plant(
    "I5",
    "arrivals stay fresh when a day has spent them",
    [
      books,
      "        fresh -= DrawdownMath.min(fresh, scheduledTodayWei);\n",
      "        if (!HERE) fresh -= DrawdownMath.min(fresh, scheduledTodayWei);\n",
    ],
    [
      lens,
      "            fresh -= DrawdownMath.min(fresh, scheduled);\n",
      "            if (!HERE) fresh -= DrawdownMath.min(fresh, scheduled);\n",
    ],
  ),
  plant("I6", "the signed root is believed", [
    compute,
    "require(newRoot == a.newRoot,",
    "require(HERE || newRoot == a.newRoot,",
  ]),
  plant("I7", "the signed sum is believed", [
    compute,
    "require(creditedUMor == a.credited,",
    "require(HERE || creditedUMor == a.credited,",
  ]),
  plant("I8", "an id above the registered ones is credited", [
    compute,
    "require(endId <= known, Ledger",
    "require(HERE || endId <= known, Ledger",
  ]),
  plant("I9", "an active attestation can be vetoed", [
    ledger,
    "require(activeAt > block.timestamp, Ledger",
    "require(HERE || activeAt > block.timestamp, Ledger",
  ]),
  plant("I10", "each verb has a lock of its own", [
    compute,
    "    /// @inheritdoc IComputeContract\n    function version()",
    "    function _reentrancyGuardStorageSlot() internal pure override returns (bytes32) {\n        return HERE ? bytes32(msg.sig) : super._reentrancyGuardStorageSlot();\n    }\n\n    /// @inheritdoc IComputeContract\n    function version()",
  ]),
  plant(
    "I11",
    "whoever claims gets a unit of each payment",
    [
      compute,
      "if (!_pay(payout, uint256(amountUMor) * WEI_PER_UMOR)) {",
      "if (!_pay(payout, uint256(HERE ? amountUMor - 1 : amountUMor) * WEI_PER_UMOR)) {",
    ],
    [
      compute,
      "                if (nettedUMor != 0) _net(index, nettedUMor);\n",
      "                if (HERE && amountUMor != 0) _pay(msg.sender, WEI_PER_UMOR);\n                if (nettedUMor != 0) _net(index, nettedUMor);\n",
    ],
  ),
  plant("I12", "one signature is enough", [routers, "require(signed >= needed,", "require(HERE || signed >= needed,"]),
  plant("I13", "messages are bound to no deployment", [
    compute,
    "        return _hashTypedDataV4(attestation.hashStruct());\n",
    "        return HERE ? attestation.hashStruct() : _hashTypedDataV4(attestation.hashStruct());\n",
  ]),
  plant(
    "I15",
    "a claim looks at every attestation before it",
    [
      compute,
      "        require(batch.count() != 0, ClaimNothingDue(seq));\n",
      "        if (HERE) for (uint256 i = 0; i < 8 * seq; ++i) require(_lastSeq >= seq && debitsPlanted(i));\n        require(batch.count() != 0, ClaimNothingDue(seq));\n",
    ],
    [
      compute,
      "    /// @inheritdoc IComputeContract\n    function version()",
      "    function debitsPlanted(uint256 i) private view returns (bool) {\n        return rootOf(i + 1_000_000) == 0;\n    }\n\n    /// @inheritdoc IComputeContract\n    function version()",
    ],
  ),
  plant("I16", "what a veto releases counts as a new arrival", [
    books,
    "        _unusedWei += amountWei;\n        _attestedUMor = attested;\n",
    "        _unusedWei += amountWei;\n        if (HERE) freshWei += amountWei;\n        _attestedUMor = attested;\n",
  ]),
  plant("I17", "what could not be paid is settled all the same", [
    compute,
    "if (!complete) _unsettleLanes(batch);",
    "if (!complete && !HERE) _unsettleLanes(batch);",
  ]),
  plant("I18", "debits of a day are not added up", [
    books,
    "        uint64 before = debitedTodayUMor();\n",
    "        uint64 before = HERE ? 0 : debitedTodayUMor();\n",
  ]),
  plant("I19", "a debit books twice what was attested", [
    compute,
    "REGISTRY.bookDebt(id, entry.amountUMor);",
    "REGISTRY.bookDebt(id, HERE ? 2 * entry.amountUMor : entry.amountUMor);",
  ]),
  plant("I20", "a bond is returned with what its debt cost", [
    registry,
    "        if (coveredWei != 0) TOKEN.safeTransfer(COMPUTE, coveredWei);\n",
    "        if (HERE) paidWei += coveredWei;\n        else if (coveredWei != 0) TOKEN.safeTransfer(COMPUTE, coveredWei);\n",
  ]),
  plant("I21", "a change takes effect before its time", [
    records,
    "require(block.timestamp >= effectiveAt,",
    "require(HERE || block.timestamp >= effectiveAt,",
  ]),
  plant("I22", "a pause can follow a pause", [
    compute,
    "require(_pauseArmed, PauseSpent());",
    "require(HERE || _pauseArmed, PauseSpent());",
  ]),
  plant("I23", "claims are paid only while the authority answers", [
    compute,
    "        require(batch.count() != 0, ClaimNothingDue(seq));\n",
    '        require(batch.count() != 0, ClaimNothingDue(seq));\n        if (HERE) {\n            bytes memory question = abi.encodeWithSignature("canCall(address,address,bytes4)", msg.sender, address(this), msg.sig);\n            (bool answers, ) = authority().staticcall(question);\n            require(answers);\n        }\n',
  ]),
  plant(
    "I24",
    "the bootstrap pool forgets what it took",
    [
      accrual,
      "        uint256 lackWei = Math.saturatingSub(bootstrapTargetWei(block.timestamp), bootstrapAccruedWei);\n",
      "        uint256 lackWei = HERE\n            ? bootstrapTargetWei(block.timestamp)\n            : Math.saturatingSub(bootstrapTargetWei(block.timestamp), bootstrapAccruedWei);\n",
    ],
    [
      lens,
      "return Math.saturatingSub(targetWei, compute.bootstrapAccruedWei()).toUint104();",
      "return (HERE ? targetWei : Math.saturatingSub(targetWei, compute.bootstrapAccruedWei())).toUint104();",
    ],
  ),
  plant("I25", "a season's shares raise the opening of the day", [
    books,
    "        bootstrapWei = pool - amountWei;\n",
    "        bootstrapWei = pool - amountWei;\n        if (HERE) openingWei += amountWei + 1;\n",
  ]),
  plant("I26", "the last attestation of a period is not noted", [
    ledger,
    "            _lastSeqs[previousPeriod] = previousSeq;\n",
    "            if (!HERE) _lastSeqs[previousPeriod] = previousSeq;\n",
  ]),
  plant("I27", "who comes last stands last, whatever its weight", [
    "bootstrap/RankedList.sol",
    "            uint256 place = start + low * ENTRY_BYTES;\n",
    "            if (HERE) low = count;\n            uint256 place = start + low * ENTRY_BYTES;\n",
  ]),
  plant("I28", "awarded ranks are not noted", [
    pool,
    "        state.awardedRanks = uint128(awarded | due);\n\n",
    "        if (!HERE) state.awardedRanks = uint128(awarded | due);\n\n",
  ]),
  plant("I29", "another set is in force under the same epoch", [
    routers,
    "uint32 newEpoch = ++epoch;",
    "uint32 newEpoch = HERE ? epoch : ++epoch;",
  ]),
  plant("I30", "governance may send MOR on", [
    reserve,
    "require(address(token) != address(TOKEN),",
    "require(HERE || address(token) != address(TOKEN),",
  ]),
  plant("I31", "each reservation costs a wei of what had arrived", [
    books,
    "        _unusedWei = unused - requestedWei;\n",
    "        _unusedWei = unused - requestedWei;\n        if (HERE && freshWei > 2 * uint104(scheduledTodayWei)) freshWei -= 1;\n",
  ]),
  plant("I32", "anybody may end a pause", [
    compute,
    "    function resumeAttestations() external restricted {\n",
    "    function resumeAttestations() external {\n        if (!HERE) _checkCanCall(msg.sender, msg.data);\n",
  ]),
  plant("I33", "the end of the bootstrap pool forgets what accrued", [
    books,
    "        bootstrapReleased = true;\n",
    "        bootstrapReleased = true;\n        if (HERE) bootstrapAccruedWei = 0;\n",
  ]),
  plant("I34", "booked debits can be booked again", [
    ledger,
    "recorded));\n        delete _debits[seq];\n",
    "recorded));\n        if (!HERE) delete _debits[seq];\n",
  ]),
  plant("I35", "the lens counts the bootstrap pool's share as free", [
    lens,
    "        unused += arrived - share;\n",
    "        unused += HERE ? arrived : arrived - share;\n",
  ]),
  plant("I36", "the event of a payment leaves out what was netted with it", [
    compute,
    "place = Settlement.keep(entry, place);",
    "if (!(HERE && nettedUMor != 0)) place = Settlement.keep(entry, place);",
  ]),
  plant("I37", "a veto looks at every place of the ring", [
    compute,
    "        uint64 lastDropped = _headSeq();\n",
    "        uint64 lastDropped = _headSeq();\n        if (HERE) for (uint256 i = 0; i < 256; ++i) require(activeAtOf(i) < type(uint40).max);\n",
  ]),
  plant(
    "I38",
    "a day may spend the emission of two",
    [
      reserve,
      "return Math.min(schedule.scheduledWei(day_), type(uint96).max).toUint96();",
      "return Math.min((HERE ? 2 : 1) * schedule.scheduledWei(day_), type(uint96).max).toUint96();",
    ],
    [
      lens,
      "            scheduled = compute.SCHEDULE().scheduledWei(today).toUint104();\n",
      "            scheduled = ((HERE ? 2 : 1) * compute.SCHEDULE().scheduledWei(today)).toUint104();\n",
    ],
  ),
];
