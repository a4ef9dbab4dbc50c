namespace SigmaComms.Cluster.Clients;

/// <summary>The client is gone.</summary>
internal sealed record SubscriptionClosed;
