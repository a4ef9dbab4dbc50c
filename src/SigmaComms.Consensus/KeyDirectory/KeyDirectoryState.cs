using System.Collections.Immutable;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>All accounts' newest records and the history of their digests. Immutable.</summary>
public sealed class KeyDirectoryState : IMachineState
{
    /// <summary>The largest record: 40,960 bytes, over that of an account with 16 devices.</summary>
    public const int RecordSizeMax = 40_960;

    // Four times as many updates as names fit in: a signer's share of both is then about the same.
    private const uint NewNameUnits = 4;
    private const uint UpdateUnits = 1;
    private const byte PublishKind = 1;
    private const byte SnapshotVersion = 1;

    private static readonly ImmutableSortedDictionary<Digest, ReadOnlyMemory<byte>> NoRecords =
        ImmutableSortedDictionary<Digest, ReadOnlyMemory<byte>>.Empty;

    private readonly IRecordJudge _judge;
    private readonly DirectoryLimits _limits;
    private readonly ImmutableSortedDictionary<Digest, ReadOnlyMemory<byte>> _records;
    private readonly ImmutableList<DirectoryUpdate> _updates;

    /// <summary>The state without accounts.</summary>
    /// <param name="judge">Reads account records.</param>
    /// <param name="limits">How much it holds.</param>
    public KeyDirectoryState(IRecordJudge judge, DirectoryLimits limits)
        : this(judge, limits, DirectoryIndex.Empty, [], NoRecords, 0)
    {
    }

    private KeyDirectoryState(
        IRecordJudge judge,
        DirectoryLimits limits,
        DirectoryIndex index,
        ImmutableList<DirectoryUpdate> updates,
        ImmutableSortedDictionary<Digest, ReadOnlyMemory<byte>> records,
        long keptBytes)
    {
        _judge = judge;
        _limits = limits;
        Index = index;
        _updates = updates;
        _records = records;
        KeptBytes = keptBytes;
    }

    /// <summary>The map and the history, which prove.</summary>
    public DirectoryIndex Index { get; }

    /// <summary>Every update there was, for who audits or watches a name.</summary>
    public IReadOnlyList<DirectoryUpdate> Updates => _updates;

    /// <summary>Bytes of the newest records.</summary>
    public long KeptBytes { get; }

    /// <inheritdoc/>
    public bool IsCharging => true;

    /// <inheritdoc/>
    public Digest Root => Index.Opening.Root;

    /// <summary>The payload that publishes a record.</summary>
    /// <param name="record">The record, at most 40,960 bytes.</param>
    public static byte[] EncodePublish(ReadOnlySpan<byte> record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, RecordSizeMax);
        return new WireWriter(record.Length + 4).U8(PublishKind).Opaque24(record).ToArray();
    }

    /// <summary>Finds a name's newest record.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The record, or null.</returns>
    public ReadOnlyMemory<byte>? FindRecord(string name) =>
        _records.TryGetValue(DirectoryEntry.KeyOf(name), out ReadOnlyMemory<byte> record) ? record : null;

    /// <summary>Shows a name's newest record, or that there is none.</summary>
    /// <param name="name">The name.</param>
    public DirectoryProof Prove(string name)
    {
        DirectoryEntry? entry = Index.Find(name);
        return entry is null
            ? new DirectoryProof(Index.Opening, Index.Prove(name), null, null)
            : new DirectoryProof(
                Index.Opening, Index.Prove(name), _updates[(int)entry.Index], Index.ProveUpdate(entry.Index))
            {
                Revisions = entry.Revisions,
            };
    }

    /// <inheritdoc/>
    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span);
        bool known = reader.U8() == PublishKind;
        ReadOnlySpan<byte> record = reader.Opaque24(RecordSizeMax);
        if (!known || !reader.AtEnd || !_judge.TryRead(record, out RecordClaim? claim) || !claim.IsWellFormed)
        {
            return Answer(DirectoryStatus.Malformed, null);
        }

        Digest digest = Digest.Sha256(record);
        DirectoryEntry? entry = Index.Find(claim.Name);
        DirectoryStatus status = Judge(claim, digest, entry, record.Length);
        if (status != DirectoryStatus.Published)
        {
            return Answer(status, entry);
        }

        (DirectoryIndex index, DirectoryUpdate update) = Index.Publish(claim, digest, context.Height);
        KeyDirectoryState after = With(index, update, record.ToArray());
        return after.Answer(status, index.Find(claim.Name)) with
        {
            Charge = entry is null ? NewNameUnits : UpdateUnits,
        };
    }

    /// <inheritdoc/>
    public void WriteSnapshot(WireWriter writer)
    {
        foreach (ReadOnlyMemory<byte> part in SnapshotParts())
        {
            writer.Fixed(part.Span);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> SnapshotParts()
    {
        PartWriter parts = new();
        parts.Writer.U8(SnapshotVersion).U32((uint)_updates.Count);
        foreach (DirectoryUpdate update in _updates)
        {
            update.WriteTo(parts.Writer);
            if (parts.TryTake(out ReadOnlyMemory<byte> part))
            {
                yield return part;
            }
        }

        parts.Writer.U32((uint)_records.Count);
        foreach ((Digest key, ReadOnlyMemory<byte> record) in _records)
        {
            parts.Writer.Digest(key).Opaque24(record.Span);
            if (parts.TryTake(out ReadOnlyMemory<byte> part))
            {
                yield return part;
            }
        }

        if (parts.TryTake(out ReadOnlyMemory<byte> last, isEnd: true))
        {
            yield return last;
        }
    }

    /// <summary>Reads a snapshot; null, or a failed reader, if there is none.</summary>
    internal static KeyDirectoryState? Read(ref WireReader reader, IRecordJudge judge, DirectoryLimits limits)
    {
        bool known = reader.U8() == SnapshotVersion;
        uint count = reader.U32();
        if (!known || count > limits.UpdatesMax)
        {
            return null;
        }

        DirectoryIndex index = DirectoryIndex.Empty;
        var updates = ImmutableList.CreateBuilder<DirectoryUpdate>();
        SortedDictionary<Digest, Digest> expected = [];
        for (uint i = 0; i < count; i++)
        {
            if (!DirectoryUpdate.TryRead(ref reader, out DirectoryUpdate? update))
            {
                return null;
            }

            updates.Add(update);
            index = index.Append(update);
            expected[DirectoryEntry.KeyOf(update.Name)] = update.Record;
        }

        var records = ReadRecords(ref reader, expected, out long bytes);
        return records is null
            ? null
            : new KeyDirectoryState(judge, limits, index, updates.ToImmutable(), records, bytes);
    }

    // The root binds the digest of every newest record; here each record is held against its digest.
    private static ImmutableSortedDictionary<Digest, ReadOnlyMemory<byte>>? ReadRecords(
        ref WireReader reader, SortedDictionary<Digest, Digest> expected, out long bytes)
    {
        bytes = 0;
        if (reader.U32() != expected.Count)
        {
            return null;
        }

        var records = ImmutableSortedDictionary.CreateBuilder<Digest, ReadOnlyMemory<byte>>();
        foreach ((Digest key, Digest digest) in expected)
        {
            bool isKey = reader.Digest() == key;
            byte[] record = reader.Opaque24(RecordSizeMax).ToArray();
            if (!isKey || reader.Failed || Digest.Sha256(record) != digest)
            {
                return null;
            }

            records.Add(key, record);
            bytes += record.Length;
        }

        return records.ToImmutable();
    }

    private DirectoryStatus Judge(RecordClaim claim, Digest digest, DirectoryEntry? entry, int sizeBytes)
    {
        if (entry is not null && entry.Account != claim.Account)
        {
            return DirectoryStatus.NameTaken;
        }

        if (entry is not null && entry.Version >= claim.Version)
        {
            return entry.Record == digest ? DirectoryStatus.Unchanged : DirectoryStatus.Outdated;
        }

        bool isFull = (entry is null && Index.NameCount >= _limits.NamesMax)
            || entry?.Revisions >= _limits.RevisionsMax
            || Index.HistoryCount >= _limits.UpdatesMax
            || KeptBytes + sizeBytes > _limits.BytesMax;
        return isFull ? DirectoryStatus.Full : DirectoryStatus.Published;
    }

    private KeyDirectoryState With(DirectoryIndex index, DirectoryUpdate update, byte[] record)
    {
        int before = FindRecord(update.Name)?.Length ?? 0;
        return new KeyDirectoryState(
            _judge,
            _limits,
            index,
            _updates.Add(update),
            _records.SetItem(DirectoryEntry.KeyOf(update.Name), record),
            KeptBytes + record.Length - before);
    }

    private Applied Answer(DirectoryStatus status, DirectoryEntry? entry) =>
        new(this, new DirectoryReply(status, entry?.Version ?? 0, Index.HistoryCount).Encode());
}
