using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>What came of offering messages to a node.</summary>
/// <param name="Target">The node.</param>
/// <param name="Session">The links that were used.</param>
/// <param name="Confirmed">What the node keeps durably now.</param>
/// <param name="Gone">What the node knows to be acknowledged.</param>
internal sealed record HandOverOutcome(
    NodeId Target, long Session, IReadOnlyList<Digest16> Confirmed, IReadOnlyList<Digest16> Gone);
