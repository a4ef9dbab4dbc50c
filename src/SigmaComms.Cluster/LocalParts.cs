using SigmaComms.Actors;

namespace SigmaComms.Cluster;

/// <summary>The actors of this node that keep something.</summary>
internal sealed record LocalParts(IActorRef Mailboxes, IActorRef Directory, IActorRef Prekeys);
