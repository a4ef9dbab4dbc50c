namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>
/// A cluster for one class of tests alone, whose nodes join and go. Nodes that have gone stay members, and would take
/// the majority from tests that kill another one.
/// </summary>
public sealed class OwnCluster : RunningCluster;
