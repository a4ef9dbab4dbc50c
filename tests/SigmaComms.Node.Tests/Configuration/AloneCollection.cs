namespace SigmaComms.Node.Tests.Configuration;

/// <summary>Tests that change what belongs to the whole process: no other runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
