using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>A place between two groups of the log.</summary>
/// <param name="Sequence">The number of the next group, from 1.</param>
/// <param name="Record">The number of the next record, from 1.</param>
/// <param name="Chain">Binds all groups before; all zeros before the first.</param>
internal readonly record struct WalPosition(ulong Sequence, ulong Record, Digest Chain)
{
    /// <summary>Before the first group.</summary>
    public static WalPosition Start { get; } = new(1, 1, default);
}
