namespace SigmaComms.Cluster.Health;

/// <summary>Failures of the actors in one part of the node, also of those that are gone.</summary>
/// <param name="InWindow">In the last five minutes.</param>
/// <param name="LastError">The last one ever.</param>
/// <param name="LastErrorAt">When that was.</param>
internal sealed record PartFailures(int InWindow, string LastError, DateTimeOffset LastErrorAt);
