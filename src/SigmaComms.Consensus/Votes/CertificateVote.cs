using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Votes;

/// <summary>One signature of a certificate.</summary>
/// <param name="Voter">The validator's place in the epoch's set.</param>
/// <param name="Companion">
/// If a bundle was signed, the bundle's other block: of a notarization the one finalized in the view before, of a
/// finalization the one notarized in the view after. Else null.
/// </param>
/// <param name="Signature">ML-DSA-65, 3,309 bytes.</param>
/// <param name="Since">
/// Of a nullification: the first view of the run that the voter says is nullified; the default stands for the view
/// itself. Else the default.
/// </param>
public sealed record CertificateVote(
    byte Voter, Digest? Companion, ReadOnlyMemory<byte> Signature, View Since = default);
