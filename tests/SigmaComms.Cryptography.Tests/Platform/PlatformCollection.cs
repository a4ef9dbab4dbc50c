namespace SigmaComms.Cryptography.Tests.Platform;

/// <summary>Nothing else runs while the process's choice of code changes.</summary>
[CollectionDefinition(nameof(PlatformCollection), DisableParallelization = true)]
public sealed class PlatformCollection;
