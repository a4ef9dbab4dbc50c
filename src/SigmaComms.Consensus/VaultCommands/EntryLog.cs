using System.Collections.Immutable;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>
/// Entries that are only appended and dropped from the front, in chunks, so that both are cheap however many there are.
/// Immutable; an appended one shares all full chunks.
/// </summary>
internal sealed class EntryLog
{
    private const int ChunkSize = 64;

    private readonly ImmutableList<VaultEntry[]> _full;
    private readonly VaultEntry[] _tail;
    private readonly int _skipped;

    private EntryLog(ImmutableList<VaultEntry[]> full, VaultEntry[] tail, int skipped)
    {
        _full = full;
        _tail = tail;
        _skipped = skipped;
    }

    /// <summary>A log without entries.</summary>
    public static EntryLog Empty { get; } = new([], [], 0);

    /// <summary>How many entries there are.</summary>
    public int Count => (_full.Count * ChunkSize) + _tail.Length - _skipped;

    /// <summary>The entry at a place.</summary>
    public VaultEntry this[int index]
    {
        get
        {
            int place = index + _skipped;
            return place / ChunkSize < _full.Count
                ? _full[place / ChunkSize][place % ChunkSize]
                : _tail[place - (_full.Count * ChunkSize)];
        }
    }

    /// <summary>The log with one more entry.</summary>
    public EntryLog Add(VaultEntry entry) => _tail.Length == ChunkSize
        ? new EntryLog(_full.Add(_tail), [entry], _skipped)
        : new EntryLog(_full, [.. _tail, entry], _skipped);

    /// <summary>The log without its first entries.</summary>
    public EntryLog Drop(int count)
    {
        Invariant.Holds(count >= 0 && count <= Count);
        if (count == Count)
        {
            return Empty;
        }

        int skipped = _skipped + count;
        int chunks = Math.Min(skipped / ChunkSize, _full.Count);
        return new EntryLog(_full.RemoveRange(0, chunks), _tail, skipped - (chunks * ChunkSize));
    }
}
