namespace SigmaComms.Cluster.Membership;

/// <summary>Event on the node's stream: who is a member or who can be used has changed.</summary>
/// <param name="View">The newest view.</param>
internal sealed record ViewChanged(ClusterView View);
