namespace SigmaComms.Cluster.Tests.Sockets;

/// <summary>Tests that measure the memory of this process: no other runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
