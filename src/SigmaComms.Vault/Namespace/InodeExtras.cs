using System.Collections.Immutable;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Namespace;

/// <summary>What few inodes have. Immutable.</summary>
/// <param name="Xattrs">Extended attributes, ascending by the bytes of their names.</param>
/// <param name="Locks">Locks, sorted.</param>
/// <param name="Holders">Writers that hold it, ascending.</param>
internal sealed record InodeExtras(
    ImmutableArray<Xattr> Xattrs, ImmutableArray<FileLock> Locks, ImmutableArray<NodeId> Holders)
{
    /// <summary>Nothing.</summary>
    public static InodeExtras Empty { get; } = new([], [], []);

    /// <summary>Itself, or null if there is nothing in it.</summary>
    public InodeExtras? OrNull => Xattrs.IsEmpty && Locks.IsEmpty && Holders.IsEmpty ? null : this;

    /// <summary>Whether a writer has a lock or a hold.</summary>
    public bool IsClaimedBy(NodeId writer) =>
        Holders.Contains(writer) || Locks.Any(held => held.Writer == writer);
}
