using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The recipient keeps these messages: forget them. No reply.</summary>
internal sealed record AcknowledgeMessages(IReadOnlyList<Digest16> MessageIds);
