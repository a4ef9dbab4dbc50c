using SigmaComms.Client.Links;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What became of an attempt to deposit.</summary>
/// <param name="DepositId">What was deposited.</param>
/// <param name="Answer">The node's answer; null if there was none.</param>
/// <param name="Connection">The link it was tried on.</param>
internal sealed record DepositOutcome(Digest16 DepositId, LinkMessage? Answer, NodeConnection Connection);
