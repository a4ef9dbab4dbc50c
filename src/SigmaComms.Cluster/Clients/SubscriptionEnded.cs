namespace SigmaComms.Cluster.Clients;

/// <summary>The holder stopped pushing; open the mailbox again.</summary>
internal sealed record SubscriptionEnded;
