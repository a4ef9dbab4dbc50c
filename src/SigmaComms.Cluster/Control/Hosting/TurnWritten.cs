using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>What a turn wanted is durable.</summary>
/// <param name="Signable">The ballots that may be signed now.</param>
/// <param name="Refused">Ballots that the guard refused.</param>
/// <param name="Key">If an epoch began, a copy of the key with which this node votes in it; null if it cannot.</param>
/// <param name="Figures">How the log stands.</param>
internal sealed record TurnWritten(
    IReadOnlySet<Ballot> Signable, int Refused, MlDsa65SigningKey? Key, WalFigures Figures);
