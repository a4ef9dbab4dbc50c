using System.Collections.Immutable;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>A vault's entries and who may append. Immutable.</summary>
public sealed class VaultStream : IMerkleValue
{
    private readonly EntryLog _entries;
    private VaultSummary? _summary;

    private VaultStream(
        Digest id,
        NodeId owner,
        ImmutableSortedDictionary<NodeId, VaultWriter> writers,
        ulong first,
        Digest firstHead,
        Digest head,
        EntryLog entries,
        long bytes)
    {
        Id = id;
        Owner = owner;
        Writers = writers;
        First = first;
        FirstHead = firstHead;
        Head = head;
        _entries = entries;
        KeptBytes = bytes;
    }

    /// <summary>The vault.</summary>
    public Digest Id { get; }

    /// <summary>Who created it; may always append, and alone may change who else may.</summary>
    public NodeId Owner { get; }

    /// <summary>Who may or might append.</summary>
    public ImmutableSortedDictionary<NodeId, VaultWriter> Writers { get; }

    /// <summary>The index of the oldest entry that is kept.</summary>
    public ulong First { get; }

    /// <summary>The entries it has had: the index of the next one.</summary>
    public ulong Count => First + (ulong)_entries.Count;

    /// <summary>The hash chain before <see cref="First"/>.</summary>
    public Digest FirstHead { get; }

    /// <summary>The hash chain over all entries.</summary>
    public Digest Head { get; }

    /// <summary>Bytes of all entries that are kept, with their overhead.</summary>
    public long KeptBytes { get; }

    /// <summary>What the state root binds of it.</summary>
    public VaultSummary Summary => _summary ??= new VaultSummary(
        Id, Owner, VaultSummary.DigestOfWriters(Writers), First, FirstHead, Count, Head);

    /// <inheritdoc/>
    public Digest ComputeDigest() => Summary.ComputeDigest();

    /// <summary>Reads entries in their order.</summary>
    /// <param name="from">The first index; below <see cref="First"/> there is nothing.</param>
    /// <param name="countMax">The most entries.</param>
    /// <param name="bytesMax">The most bytes of content, but at least one entry.</param>
    public IReadOnlyList<VaultEntry> Read(ulong from, int countMax, int bytesMax)
    {
        List<VaultEntry> read = [];
        if (from < First || from >= Count)
        {
            return read;
        }

        long bytes = 0;
        for (int i = (int)(from - First); i < _entries.Count && read.Count < countMax; i++)
        {
            bytes += _entries[i].Content.Length;
            if (bytes > bytesMax && read.Count > 0)
            {
                break;
            }

            read.Add(_entries[i]);
        }

        return read;
    }

    /// <summary>The hash chain before an entry.</summary>
    /// <param name="index">Its index, or <see cref="Count"/> for the chain over all entries.</param>
    /// <exception cref="ArgumentOutOfRangeException">The entry is not kept, or not there yet.</exception>
    public Digest HeadAt(ulong index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        return index == Count ? Head : _entries[(int)(index - First)].HeadBefore;
    }

    /// <summary>A vault without entries.</summary>
    internal static VaultStream Create(Digest id, NodeId owner)
    {
        Digest head = VaultEntry.StartOf(id);
        var writers = ImmutableSortedDictionary<NodeId, VaultWriter>.Empty.Add(owner, new VaultWriter(0, true));
        return new VaultStream(id, owner, writers, 0, head, head, EntryLog.Empty, 0);
    }

    /// <summary>The vault with one more entry, whose number has been checked.</summary>
    internal VaultStream Append(NodeId writer, ulong sequence, long timestamp, ReadOnlyMemory<byte> content)
    {
        VaultEntry entry = new(Count, writer, sequence, timestamp, content) { HeadBefore = Head };
        return new VaultStream(
            Id,
            Owner,
            Writers.SetItem(writer, new VaultWriter(sequence, true)),
            First,
            FirstHead,
            entry.HeadAfter(Head),
            _entries.Add(entry),
            KeptBytes + SizeOf(content));
    }

    /// <summary>The vault with other writers.</summary>
    internal VaultStream With(NodeId writer, VaultWriter state) =>
        new(Id, Owner, Writers.SetItem(writer, state), First, FirstHead, Head, _entries, KeptBytes);

    /// <summary>The vault without its entries before an index.</summary>
    internal VaultStream TrimTo(ulong first)
    {
        Invariant.Holds(first >= First && first <= Count);
        int dropped = (int)(first - First);
        Digest head = dropped < _entries.Count ? _entries[dropped].HeadBefore : Head;
        long bytes = KeptBytes;
        for (int i = 0; i < dropped; i++)
        {
            bytes -= SizeOf(_entries[i].Content);
        }

        return new VaultStream(Id, Owner, Writers, first, head, Head, _entries.Drop(dropped), bytes);
    }

    /// <summary>What an entry counts.</summary>
    internal static long SizeOf(ReadOnlyMemory<byte> content) => content.Length + VaultLimits.EntryOverhead;

    /// <summary>Writes the vault; yields whenever enough was written for a part.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> WriteTo(PartWriter parts)
    {
        parts.Writer.Digest(Id).Digest(Owner.Value);
        VaultSummary.WriteWriters(parts.Writer, Writers);
        parts.Writer.U64(First).Digest(FirstHead).U32((uint)_entries.Count);
        for (int i = 0; i < _entries.Count; i++)
        {
            _entries[i].WriteTo(parts.Writer);
            if (parts.TryTake(out ReadOnlyMemory<byte> part))
            {
                yield return part;
            }
        }
    }

    /// <summary>Reads a vault; the reader fails if there is none.</summary>
    internal static VaultStream Read(ref WireReader reader)
    {
        Digest id = reader.Digest();
        NodeId owner = new(reader.Digest());
        var writers = VaultSummary.ReadWriters(ref reader);
        ulong first = reader.U64();
        Digest firstHead = reader.Digest();
        uint count = reader.U32();
        if (first > ulong.MaxValue - count)
        {
            reader.Fail();
        }

        Digest head = firstHead;
        long bytes = 0;
        EntryLog entries = EntryLog.Empty;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            VaultEntry entry = VaultEntry.Read(ref reader, first + i) with { HeadBefore = head };
            head = entry.HeadAfter(head);
            bytes += SizeOf(entry.Content);
            entries = entries.Add(entry);
        }

        return new VaultStream(id, owner, writers, first, firstHead, head, entries, bytes);
    }
}
