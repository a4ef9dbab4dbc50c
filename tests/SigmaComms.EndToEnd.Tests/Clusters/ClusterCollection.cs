namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>Tests that share the running cluster; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<RunningCluster>
{
    public const string Name = "running cluster";
}
