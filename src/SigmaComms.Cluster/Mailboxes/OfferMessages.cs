using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Another node keeps these messages: which are wanted here? Reply: <see cref="HoldingsAnswer"/>.</summary>
internal sealed record OfferMessages(IReadOnlyList<Digest16> MessageIds);
