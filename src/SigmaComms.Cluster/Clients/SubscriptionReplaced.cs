namespace SigmaComms.Cluster.Clients;

/// <summary>Another subscription of the device took over.</summary>
internal sealed record SubscriptionReplaced;
