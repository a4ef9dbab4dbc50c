using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Namespace;

/// <summary>A lock on a range of a file.</summary>
/// <param name="Space">Its family.</param>
/// <param name="Writer">The mount that holds it.</param>
/// <param name="Owner">The owner on that mount.</param>
/// <param name="First">The first byte.</param>
/// <param name="Last">The last byte, long.MaxValue for the end whatever it is.</param>
/// <param name="Kind">Shared or exclusive.</param>
public readonly record struct FileLock(
    LockSpace Space, NodeId Writer, ulong Owner, long First, long Last, LockKind Kind)
{
    /// <summary>Whether both lock a byte and one of them excludes the other.</summary>
    /// <param name="other">The other lock.</param>
    public bool ConflictsWith(FileLock other) =>
        Space == other.Space && !IsOfSameOwner(other) && Overlaps(other)
        && (Kind == LockKind.Exclusive || other.Kind == LockKind.Exclusive);

    internal bool IsOfSameOwner(FileLock other) =>
        Space == other.Space && Owner == other.Owner && Writer == other.Writer;

    internal bool Overlaps(FileLock other) => First <= other.Last && other.First <= Last;
}
