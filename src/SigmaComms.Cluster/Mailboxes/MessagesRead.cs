using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Messages from the journal.</summary>
/// <param name="Considered">How many of the ids that were asked for this answers; 0: the journal failed.</param>
/// <param name="Messages">Those of them that are still here.</param>
internal sealed record MessagesRead(int Considered, IReadOnlyList<HeldMessage> Messages);
