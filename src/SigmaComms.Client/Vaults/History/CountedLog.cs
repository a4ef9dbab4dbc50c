using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.History;

/// <summary>A log that counts what was read of it, so that it is known when a snapshot is due.</summary>
internal sealed class CountedLog(ICommandLog log) : ICommandLog
{
    private long _bytes;
    private long _entries;
    private long _allBytes;

    /// <inheritdoc/>
    public NodeId Writer => log.Writer;

    /// <summary>Bytes of entries since the start or the last snapshot.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Entries since the start or the last snapshot.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Bytes of entries that were read at all.</summary>
    public long AllBytes => Volatile.Read(ref _allBytes);

    /// <summary>Goes on from what a former session had counted.</summary>
    public void Restore(long entries, long bytes)
    {
        Volatile.Write(ref _bytes, bytes);
        Volatile.Write(ref _entries, entries);
    }

    /// <summary>Begins to count anew.</summary>
    public void Reset()
    {
        Volatile.Write(ref _bytes, 0);
        Volatile.Write(ref _entries, 0);
    }

    /// <inheritdoc/>
    public ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        log.AppendAsync(vault, sequence, content, cancellation);

    /// <inheritdoc/>
    public async ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        LogRange range = await log.ReadAsync(vault, first, cancellation);
        long bytes = range.Entries.Sum(entry => (long)entry.Content.Length);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _allBytes, bytes);
        Interlocked.Add(ref _entries, range.Entries.Count);
        return range;
    }

    /// <inheritdoc/>
    public ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation) =>
        log.WaitAsync(vault, count, cancellation);

    /// <inheritdoc/>
    public ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        log.TrimAsync(vault, first, cancellation);
}
