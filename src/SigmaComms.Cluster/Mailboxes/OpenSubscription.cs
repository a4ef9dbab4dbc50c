using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Push the messages to this subscriber. Reply: <see cref="Done"/> or <see cref="Refused"/>.</summary>
internal sealed record OpenSubscription(IMailboxSubscriber Subscriber, ulong Stamp, bool Fresh);
