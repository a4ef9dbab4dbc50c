namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>Tests of times run while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimingCollection
{
    /// <summary>The name.</summary>
    public const string Name = "times";
}
