namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The subscriber is gone. No reply.</summary>
internal sealed record CloseSubscription(ulong Stamp);
