using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Persistence;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Commits of any size over one journal stream, each stored whole or not at all, and a compacted state from time to
/// time that makes the older ones needless. See docs/formats/conversation-journal.md.
/// </summary>
/// <remarks>One append at a time. After any failure the owner opens the log anew.</remarks>
internal sealed class CommitLog
{
    /// <summary>Type of every event of the client in a journal.</summary>
    public const uint EventTypeId = 0x0C01;

    private const byte EventVersion = 1;
    private const byte First = 1;
    private const byte Last = 2;
    private const byte Whole = 4;
    private const int PartMaxBytes = 512 * 1024;
    private const int PartsPerAppend = 8;
    private const long CompactFloorBytes = 256 * 1024;

    private readonly IJournal _journal;
    private readonly string _persistenceId;
    private readonly long _epoch;
    private long _sequence;
    private long _wholeBytes;
    private long _sinceWholeBytes;

    private CommitLog(IJournal journal, string persistenceId, long epoch)
    {
        _journal = journal;
        _persistenceId = persistenceId;
        _epoch = epoch;
    }

    /// <summary>Whether the commits since the last compacted state outweigh it.</summary>
    public bool WantsCompaction => _sinceWholeBytes > Math.Max(CompactFloorBytes, 2 * _wholeBytes);

    /// <summary>Takes the stream over from every earlier writer and reads what is stored.</summary>
    /// <returns>The log and its commits from the last compacted state on.</returns>
    public static async ValueTask<(CommitLog Log, IReadOnlyList<byte[]> Commits)> OpenAsync(
        IJournal journal, string persistenceId, CancellationToken ct)
    {
        long epoch = await journal.AcquireEpochAsync(persistenceId, ct);
        var log = new CommitLog(journal, persistenceId, epoch);
        var commits = new List<byte[]>();
        ArrayBufferWriter<byte>? parts = null;
        log._sequence = await journal.HighestSequenceAsync(persistenceId, ct);
        await foreach (JournalEvent stored in journal.ReplayAsync(persistenceId, 1, ct))
        {
            Invariant.Holds(stored.TypeId == EventTypeId && stored.Version == EventVersion);
            Invariant.Holds(stored.Payload.Length > 0);
            byte flags = stored.Payload.Span[0];
            parts = (flags & First) != 0 ? new ArrayBufferWriter<byte>(stored.Payload.Length) : parts;
            if (parts is null)
            {
                // The middle of a commit whose start was compacted away.
                continue;
            }

            parts.Write(stored.Payload.Span[1..]);
            if ((flags & Last) != 0)
            {
                log.Count(commits, parts.WrittenSpan.ToArray(), (flags & Whole) != 0);
                parts = null;
            }
        }

        return (log, commits);
    }

    /// <summary>Stores a commit.</summary>
    /// <exception cref="CommitFailedException">The journal did not take it; it may or may not be stored.</exception>
    /// <exception cref="JournalException">The disk failed; nothing is stored.</exception>
    public async Task AppendAsync(byte[] commit, CancellationToken ct)
    {
        await WriteAsync(commit, 0, ct);
        _sinceWholeBytes += commit.Length;
    }

    /// <summary>Stores the whole state and deletes what it replaces.</summary>
    /// <exception cref="CommitFailedException">The journal did not take it.</exception>
    /// <exception cref="JournalException">The disk failed; what was stored before still counts.</exception>
    public async Task CompactAsync(byte[] whole, CancellationToken ct)
    {
        long replaced = _sequence;
        await WriteAsync(whole, Whole, ct);
        _wholeBytes = whole.Length;
        _sinceWholeBytes = 0;
        if (replaced > 0)
        {
            await _journal.DeleteToAsync(_persistenceId, replaced, ct);
        }
    }

    private void Count(List<byte[]> commits, byte[] commit, bool whole)
    {
        if (whole)
        {
            commits.Clear();
            _wholeBytes = commit.Length;
            _sinceWholeBytes = 0;
        }
        else
        {
            _sinceWholeBytes += commit.Length;
        }

        commits.Add(commit);
    }

    private async Task WriteAsync(byte[] commit, byte flags, CancellationToken ct)
    {
        var events = new List<NewEvent>();
        int offset = 0;
        do
        {
            int size = Math.Min(PartMaxBytes, commit.Length - offset);
            bool last = offset + size == commit.Length;
            byte[] payload = new byte[size + 1];
            payload[0] = (byte)(flags | (offset == 0 ? First : 0) | (last ? Last : 0));
            commit.AsSpan(offset, size).CopyTo(payload.AsSpan(1));
            events.Add(new NewEvent(EventTypeId, EventVersion, payload));
            offset += size;
            if (events.Count == PartsPerAppend || last)
            {
                await StoreAsync(events, ct);
                events.Clear();
            }
        }
        while (offset < commit.Length);
        CryptographicOperations.ZeroMemory(commit);
    }

    private async Task StoreAsync(List<NewEvent> events, CancellationToken ct)
    {
        AppendResult result = await _journal.AppendAsync(_persistenceId, _sequence, _epoch, events, ct);
        if (result.Status != AppendStatus.Stored)
        {
            throw new CommitFailedException(result.Status, result.Reason);
        }

        Invariant.Holds(result.HighestSequence == _sequence + events.Count);
        _sequence = result.HighestSequence;
    }
}
