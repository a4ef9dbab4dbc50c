namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>Tests that share one cluster, one after the other.</summary>
[CollectionDefinition(nameof(StorageCluster))]
public sealed class StorageClusterCollection : ICollectionFixture<StorageCluster>;
