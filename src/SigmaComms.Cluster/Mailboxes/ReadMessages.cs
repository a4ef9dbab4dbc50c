using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Read the first of these messages from the journal, as many as fit. Reply: <see cref="MessagesRead"/>.
/// </summary>
internal sealed record ReadMessages(IReadOnlyList<Digest16> MessageIds);
