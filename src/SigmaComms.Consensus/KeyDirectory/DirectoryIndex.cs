using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>
/// The directory without the records: a map from names to newest records, and the history of all updates. An auditor
/// that appends every update to an index of its own checks that no name ever changed hands, no version went back, and
/// the map follows from the history. Immutable.
/// </summary>
/// <standard>
/// A prefix tree of keys beside an append-only log of its roots, as in CONIKS (Melara and others, USENIX Security 2015)
/// and the IETF's key transparency protocol (draft-ietf-keytrans-protocol); log proofs of RFC 9162, section 2.1.
/// </standard>
public sealed class DirectoryIndex
{
    private readonly MerkleMap<DirectoryEntry> _map;
    private readonly MountainRange _history;

    private DirectoryIndex(MerkleMap<DirectoryEntry> map, MountainRange history)
    {
        _map = map;
        _history = history;
    }

    /// <summary>The index without updates.</summary>
    public static DirectoryIndex Empty { get; } = new(MerkleMap<DirectoryEntry>.Empty, MountainRange.Empty);

    /// <summary>How many names there are.</summary>
    public int NameCount => _map.Count;

    /// <summary>How many updates there were.</summary>
    public ulong HistoryCount => _history.Count;

    /// <summary>The parts of the root.</summary>
    public DirectoryOpening Opening => new(_map.Root, _history.Count, _history.Root);

    /// <summary>Finds what is known of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The entry, or null.</returns>
    public DirectoryEntry? Find(string name) =>
        _map.TryGet(DirectoryEntry.KeyOf(name), out DirectoryEntry? entry) ? entry : null;

    /// <summary>Appends an update that somebody else made, as an auditor does.</summary>
    /// <param name="update">The update.</param>
    /// <param name="index">The index after it, or null.</param>
    /// <returns>
    /// False if the name belongs to another account, the version does not grow, or the map is not the one that follows.
    /// </returns>
    public bool TryAppend(DirectoryUpdate update, [NotNullWhen(true)] out DirectoryIndex? index)
    {
        index = null;
        DirectoryEntry? known = Find(update.Name);
        if (known is not null && (known.Account != update.Account || known.Version >= update.Version))
        {
            return false;
        }

        DirectoryIndex appended = Append(update);
        index = appended._map.Root == update.Map ? appended : null;
        return index is not null;
    }

    /// <summary>Shows which record is a name's newest, or that there is none.</summary>
    /// <param name="name">The name.</param>
    public MapProof Prove(string name) => _map.Prove(DirectoryEntry.KeyOf(name));

    /// <summary>Shows that an update stands at a place of the history.</summary>
    /// <param name="index">The place.</param>
    /// <returns>The proof, or null if there is no such update.</returns>
    public InclusionProof? ProveUpdate(ulong index) => _history.Prove(index);

    /// <summary>Shows that the history only grew.</summary>
    /// <param name="olderCount">How long it was.</param>
    /// <returns>The proof, or null if it was never that long.</returns>
    public ConsistencyProof? ProveConsistency(ulong olderCount) => _history.ProveConsistency(olderCount);

    /// <summary>Makes the update that publishes a record, and the index after it.</summary>
    internal (DirectoryIndex Index, DirectoryUpdate Update) Publish(RecordClaim claim, Digest record, Height height)
    {
        MerkleMap<DirectoryEntry> map = Set(claim.Name, claim.Account, claim.Version, record);
        DirectoryUpdate update = new(claim.Name, claim.Account, claim.Version, record, height, map.Root);
        return (new DirectoryIndex(map, _history.Append(update.Encode())), update);
    }

    /// <summary>Appends an update of a snapshot, whose root is checked at the end.</summary>
    internal DirectoryIndex Append(DirectoryUpdate update) => new(
        Set(update.Name, update.Account, update.Version, update.Record), _history.Append(update.Encode()));

    private MerkleMap<DirectoryEntry> Set(string name, NodeId account, ulong version, Digest record)
    {
        uint revisions = (Find(name)?.Revisions ?? 0) + 1;
        DirectoryEntry entry = new(name, account, version, record, revisions, _history.Count);
        return _map.Set(DirectoryEntry.KeyOf(name), entry);
    }
}
