namespace SigmaComms.Cluster.Membership;

/// <summary>Tells the node's supervisor that the node takes part.</summary>
internal sealed record NodeJoined(int Members);
