// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Attestation} from "../types/Attestation.sol";
import {ProviderId} from "../types/ProviderId.sol";
import {IBootstrapAccrual} from "./IBootstrapAccrual.sol";
import {IBootstrapPool} from "./IBootstrapPool.sol";
import {ILedger} from "./ILedger.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";
import {IRouterSet} from "./IRouterSet.sol";

/// @title IComputeContract
/// @notice Takes in MOR emissions, keeps what providers are credited, and pays it out. Every verb is open to anyone: what
/// counts is what was signed and proved, not who posts it.
interface IComputeContract is IBootstrapAccrual, ILedger {
    /// @notice An attestation was accepted; it is pending until `activeAt`.
    /// @dev With the deltas of all attestations an indexer rebuilds every word of the ledger.
    /// @param seq Its number.
    /// @param newRoot Root of the ledger after it.
    /// @param creditedUMor Sum of its deltas.
    /// @param attestedUMor Lifetime credits after it.
    /// @param debitsHash Hash of the debits that travel with it; 0 for none.
    /// @param firstBlock First inference block it closes.
    /// @param lastBlock Last inference block it closes; firstBlock - 1 for none.
    /// @param reportsRoot Merkle-sum root of the reports it pays.
    /// @param activeAt Unix second from which its credits can be claimed.
    /// @param deltas Packed ranges of deltas, as sent.
    event Attested(
        uint64 indexed seq,
        bytes32 newRoot,
        uint64 creditedUMor,
        uint64 attestedUMor,
        bytes32 debitsHash,
        uint64 firstBlock,
        uint64 lastBlock,
        bytes32 reportsRoot,
        uint256 activeAt,
        bytes deltas
    );

    /// @notice Credits were paid.
    /// @param seq Attestation whose root they were proved against.
    /// @param paidUMor Sum of the payments.
    /// @param payments Twelve bytes each: provider id u32, amount in uMOR u64, big-endian.
    event Claimed(uint64 indexed seq, uint64 paidUMor, bytes payments);

    /// @notice Pending attestations were vetoed: `seq` and all after it.
    /// @param lastDroppedSeq The head before it.
    /// @param headSeq The head after it.
    /// @param releasedUMor Credits that are reserved no longer.
    /// @param attestedUMor Lifetime credits after it.
    event AttestationsVetoed(
        uint64 indexed seq,
        uint64 lastDroppedSeq,
        uint64 headSeq,
        uint64 releasedUMor,
        uint64 attestedUMor
    );

    /// @notice Debits travel with attestation `seq`, packed as sent.
    event DebitsAttested(uint64 indexed seq, uint64 sumUMor, bytes debits);

    /// @notice A debit of an active attestation was booked as the provider's debt.
    event Debited(uint64 indexed seq, ProviderId indexed id, uint64 amountUMor, bytes32 reasonHash);

    /// @notice Attestations are paused until `pausedUntil`; 0: no longer.
    event AttestationsPaused(uint256 pausedUntil);

    /// @notice Governance allows the guardian another pause.
    event PauseRearmed();

    /// @notice Awards of the bootstrap pool were paid.
    /// @param season Season they were won in.
    /// @param paidUMor Sum of the payments.
    /// @param payments Twelve bytes each: provider id u32, amount in uMOR u64, big-endian.
    event AwardsPaid(uint32 indexed season, uint64 paidUMor, bytes payments);

    /// @notice A provider is due but its payout address could not be paid: the credit or award stays owed.
    event PaymentFailed(ProviderId indexed id, address indexed payout, uint64 amountUMor);

    /// @notice The attestation's deadline has passed.
    error AttestationExpired(uint64 deadline, uint256 timestamp);
    /// @notice The attestation is not the next one.
    error AttestationSeqInvalid(uint64 seq, uint64 expected);
    /// @notice The attestation continues another root than the head's.
    error AttestationRootStale(bytes32 previousRoot, bytes32 headRoot);
    /// @notice The attestation leaves blocks out or closes blocks again.
    error AttestationBlockGap(uint64 firstBlock, uint64 expected);
    /// @notice The attestation ends before it begins.
    error AttestationBlockOrder(uint64 firstBlock, uint64 lastBlock);
    /// @notice The attestation closes a block that is not complete.
    error AttestationBlockIncomplete(uint64 lastBlock, uint64 openBlock);
    /// @notice The signed hash of debits is not that of the debits that came along.
    error AttestationDebitsMismatch(bytes32 signed, bytes32 computed);
    /// @notice Attestations are paused.
    error AttestationPaused(uint256 pausedUntil);
    /// @notice A pause is empty or longer than seven days.
    error PauseTooLong(uint256 duration, uint256 maximum);
    /// @notice The guardian has paused once already and governance has not allowed another pause since.
    error PauseSpent();
    /// @notice The authority is not a contract.
    error AuthorityWithoutCode(address authority);
    /// @notice The attestation neither credits nor debits anybody.
    error AttestationEmpty();
    /// @notice The signed new root is not what the deltas lead to.
    error AttestationRootMismatch(bytes32 signed, bytes32 computed);
    /// @notice The signed sum is not the sum of the deltas.
    error AttestationSumMismatch(uint64 signedUMor, uint256 computedUMor);
    /// @notice Only the bootstrap pool awards.
    error ComputeNotBootstrap(address sender);
    /// @notice No provider in the claim is due anything.
    error ClaimNothingDue(uint256 seq);

    /// @notice Books the MOR that reached the contract since it was last looked at, and opens the day.
    /// @return bookedWei What was booked, in wei.
    function intake() external returns (uint256 bookedWei);

    /// @notice Accepts a signed attestation: reserves its credits under the drawdown guard and appends its root.
    /// @param attestation The message.
    /// @param deltas Packed ranges of deltas.
    /// @param witness Old words and siblings of these ranges.
    /// @param debits Packed debits, at most 32; booked by `debit` once the attestation is active.
    /// @param quorum The router set and its signatures over the message.
    function attest(
        Attestation calldata attestation,
        bytes calldata deltas,
        bytes calldata witness,
        bytes calldata debits,
        bytes calldata quorum
    ) external;

    /// @notice Drops the pending attestation `seq` and all after it. Guardian only.
    /// @dev Root, next block and lifetime credits step back; the reservation returns to unused, and as far as it was drawn
    /// today to today's allowance. No vetoed message can be posted again. Nothing active can be touched.
    function veto(uint64 seq) external;

    /// @notice Books the debits of the active attestation `seq` as debts of their providers, once. Open to anyone.
    /// @param debits Packed as they were attested.
    function debit(uint64 seq, bytes calldata debits) external;

    /// @notice Pauses attestations for `duration` seconds, at most seven days. Guardian only, once; claims go on.
    function pauseAttestations(uint256 duration) external;

    /// @notice Ends a pause early. Guardian only.
    function resumeAttestations() external;

    /// @notice Allows the guardian another pause. Governance only.
    function rearmPause() external;

    /// @notice Sends on tokens other than MOR that were sent here by mistake. Governance only.
    function rescue(IERC20 token, address to, uint256 amount) external;

    /// @notice Until when attestations are paused, in Unix seconds, and whether the guardian may pause.
    function pauseState() external view returns (uint256 pausedUntil, bool armed);

    /// @notice Pays the providers in `ranges` what the root of attestation `seq` credits them and was not paid yet. A
    /// provider that is not due is passed over; one that cannot be paid keeps its credit.
    /// @param seq An active attestation; any of them, an older one pays less.
    /// @param ranges Packed claim ranges with their proofs.
    /// @return paidWei Sum of the payments, in wei.
    function claim(uint64 seq, bytes calldata ranges) external returns (uint256 paidWei);

    /// @notice Makes `sumUMor` of the bootstrap pool owed to those who won it. Bootstrap pool only.
    /// @param last Nothing is awarded hereafter: what is left becomes free and the pool takes no arrivals any more.
    function reserveAwards(uint64 sumUMor, bool last) external;

    /// @notice Pays awards as credits are paid: debt is netted, a provider that cannot be paid is passed over. Bootstrap pool
    /// only, for what it reserved.
    /// @param season Season they were won in.
    /// @param ids Providers, at most 256.
    /// @param amountsUMor What each has won, in uMOR; below 2^64.
    /// @return paidUMor Sum of the payments.
    /// @return failed Bit i: award i could not be paid and stays owed.
    function payAwards(
        uint32 season,
        uint256[] calldata ids,
        uint256[] calldata amountsUMor
    ) external returns (uint64 paidUMor, uint256 failed);

    /// @notice Digest that routers sign for `attestation` (EIP-712).
    function hashAttestation(Attestation calldata attestation) external view returns (bytes32);

    /// @notice The router set whose quorum this contract listens to.
    function ROUTERS() external view returns (IRouterSet);

    /// @notice The registry of providers, deployed by this contract.
    function REGISTRY() external view returns (IProviderRegistry);

    /// @notice The bootstrap pool, deployed by this contract.
    function BOOTSTRAP() external view returns (IBootstrapPool);

    /// @notice Version of the contracts, as in the EIP-712 domain.
    function version() external view returns (string memory);
}
