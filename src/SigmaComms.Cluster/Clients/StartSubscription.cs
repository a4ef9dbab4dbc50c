using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>A client subscribes to its own mailbox. The reply goes to the client when the mailbox is open.</summary>
internal sealed record StartSubscription(ClientSession Session, ReplyTo Reply);
