using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>
/// The control log's durable memory: records appended in a turn become one group, written at once and synced once. The
/// groups form a hash chain, so that what is there later is what was written, in full and in order.
/// </summary>
/// <remarks>
/// Not safe to call from more threads than one. After any failure of the disk it stays broken: a group whose sync
/// failed is neither surely there nor surely gone, and only opening the log anew finds out.
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    /// <summary>The file that keeps a second process out.</summary>
    public const string LockName = "wal.lock";

    private readonly IDisk _disk;
    private readonly WalOptions _options;
    private readonly IDisposable _lock;
    private readonly List<SegmentHeader> _segments;
    private readonly WalGroupBuffer _pending = new();
    private IDiskFile _file;
    private int _offset;
    private int _zeroedTo;
    private bool _isBroken;
    private bool _isDisposed;

    private WriteAheadLog(
        IDisk disk, WalOptions options, IDisposable taken, List<SegmentHeader> segments, IDiskFile file)
    {
        (_disk, _options, _lock, _segments, _file) = (disk, options, taken, segments, file);
    }

    /// <summary>The log's random id.</summary>
    public Digest LogId => _segments[^1].LogId;

    /// <summary>The end of all that was synced.</summary>
    public WalPosition Synced { get; private set; }

    /// <summary>The number of the first record that is still there, or will be.</summary>
    public ulong FirstRecord => _segments[0].Start.Record;

    /// <summary>Whether records wait for <see cref="Sync"/>.</summary>
    public bool HasPending => _pending.RecordCount > 0;

    /// <summary>How many segment files there are.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>The largest payload that a record may have here.</summary>
    public int PayloadSizeMax => Math.Min(
        WalFormat.PayloadSizeMax, WalFormat.BodySizeMaxIn(SegmentSizeMin) - WalFormat.RecordHeadSize);

    private int SegmentSizeMin => Math.Min(_options.SegmentSizeBytes, _segments[^1].SizeBytes);

    /// <summary>Makes a log where there is none.</summary>
    /// <exception cref="IOException">There is one, another process has it, or the disk failed.</exception>
    public static WriteAheadLog Create(IDisk disk, WalOptions options, IRandomSource random)
    {
        options.Check();
        IDisposable taken = disk.Lock(LockName);
        IDiskFile? file = null;
        try
        {
            if (disk.ListNames().Any(name => WalFormat.TryParseName(name, out _)))
            {
                throw new IOException("There is a control log already.");
            }

            Span<byte> id = stackalloc byte[Digest.SizeBytes];
            random.Fill(id);
            SegmentHeader first = new(new Digest(id), 1, WalPosition.Start, options.SegmentSizeBytes);
            file = WalSegments.Create(disk, first, options.ZeroAheadBytes, out int zeroedTo);
            return new WriteAheadLog(disk, options, taken, [first], file)
            {
                Synced = first.Start, _offset = WalFormat.SegmentHeadSize, _zeroedTo = zeroedTo,
            };
        }
        catch
        {
            file?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a log. A torn tail is cut off; damage before it is only reported. All that is in an open log is durable,
    /// also what a process that was killed had written and not synced.
    /// </summary>
    /// <exception cref="IOException">Another process has it, or the disk failed.</exception>
    public static WalOpening Open(IDisk disk, WalOptions options, WalPosition? expected)
    {
        options.Check();
        IDisposable taken = disk.Lock(LockName);
        bool isKept = false;
        try
        {
            var scan = WalScan.Run(disk, expected);
            if (scan.State is WalState.Damaged or WalState.Missing)
            {
                return new WalOpening(scan.State, null, scan.Damage, 0);
            }

            IDiskFile file = WalSegments.MakeDurable(disk, scan);
            WriteAheadLog log = new(disk, options, taken, scan.Segments, file)
            {
                Synced = scan.End, _offset = scan.EndOffset, _zeroedTo = scan.TornTo,
            };
            isKept = true;
            return new WalOpening(scan.State, log, null, scan.TornTo - scan.EndOffset);
        }
        finally
        {
            if (!isKept)
            {
                taken.Dispose();
            }
        }
    }

    /// <summary>Adds a record to the turn's group. It is nowhere until <see cref="Sync"/> has returned.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="payload">At most <see cref="PayloadSizeMax"/> bytes; copied.</param>
    /// <returns>The record's number.</returns>
    /// <remarks>A turn with more than a group can hold is synced in parts, in order.</remarks>
    public ulong Append(byte type, ReadOnlySpan<byte> payload)
    {
        RequireUsable();
        if (payload.Length > PayloadSizeMax)
        {
            throw new ArgumentException(
                $"A record may have {PayloadSizeMax} bytes, has {payload.Length}.", nameof(payload));
        }

        int sizeBytes = WalFormat.RecordHeadSize + payload.Length;
        if (_pending.BodySize + sizeBytes > WalFormat.BodySizeMaxIn(SegmentSizeMin))
        {
            Sync();
        }

        ulong number = Synced.Record + (ulong)_pending.RecordCount;
        _pending.Add(number, type, payload);
        return number;
    }

    /// <summary>Makes all appended records durable, with another file at the same time if there is one.</summary>
    /// <param name="alongside">A file to sync too; its failure breaks the log as well.</param>
    public void Sync(IDiskFile? alongside = null)
    {
        RequireUsable();
        bool isDone = false;
        try
        {
            if (HasPending)
            {
                WriteGroup(alongside);
            }
            else
            {
                alongside?.Sync();
            }

            isDone = true;
        }
        finally
        {
            _isBroken = !isDone;
        }
    }

    /// <summary>Reads synced records in order.</summary>
    /// <param name="from">The first record's number; earlier ones are skipped.</param>
    /// <param name="visit">Called for each; the payload is valid until it returns.</param>
    /// <exception cref="IOException">The log was damaged since it was opened, or the disk failed.</exception>
    public void Replay(ulong from, Action<LogRecord> visit)
    {
        RequireUsable();
        for (int i = 0; i < _segments.Count; i++)
        {
            WalPosition end = i + 1 < _segments.Count ? _segments[i + 1].Start : Synced;
            if (end.Record > from)
            {
                WalSegments.Replay(_disk, _segments[i], end, from, visit);
            }
        }
    }

    /// <summary>Deletes segments that hold only records before the given one, oldest first; never the last.</summary>
    /// <param name="record">The first record that is still needed.</param>
    /// <returns>How many were deleted.</returns>
    public int DeleteBefore(ulong record)
    {
        RequireUsable();
        int count = 0;
        bool isDone = false;
        try
        {
            // One after the other: a power loss must never leave a gap between segments.
            while (_segments.Count > 1 && _segments[1].Start.Record <= record)
            {
                _disk.Delete(WalFormat.NameOf(_segments[0].Number));
                _disk.SyncNames();
                _segments.RemoveAt(0);
                count++;
            }

            isDone = true;
        }
        finally
        {
            _isBroken = !isDone;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _file.Dispose();
        _lock.Dispose();
    }

    private void WriteGroup(IDiskFile? alongside)
    {
        int extent = WalFormat.RoundUp(GroupHeader.SizeBytes + _pending.BodySize);
        if (extent > _segments[^1].SizeBytes - _offset)
        {
            BeginSegment();
        }

        GroupHeader header = new(
            _segments[^1].Number, _offset, Synced, _pending.RecordCount, _pending.BodySize, default);
        _file.Write(_offset, _pending.Seal(ref header, LogId));
        ZeroAhead(_offset + extent, extent);
        if (alongside is null)
        {
            _file.Sync();
        }
        else
        {
            _disk.SyncTogether(_file, alongside);
        }

        Invariant.Holds(header.End.Sequence == Synced.Sequence + 1);
        Synced = header.End;
        _offset += extent;
        _pending.Clear();
    }

    private void BeginSegment()
    {
        SegmentHeader next = new(LogId, _segments[^1].Number + 1, Synced, _options.SegmentSizeBytes);
        IDiskFile file = WalSegments.Create(_disk, next, _options.ZeroAheadBytes, out _zeroedTo);
        _file.Dispose();
        _file = file;
        _segments.Add(next);
        _offset = WalFormat.SegmentHeadSize;
    }

    /// <summary>Only small groups gain: a large one would write past the zeros anyway.</summary>
    private void ZeroAhead(int end, int extent)
    {
        if (end > _zeroedTo && extent <= _options.ZeroAheadBytes / 8)
        {
            _zeroedTo = end + WalSegments.WriteZeros(
                _file, end, Math.Min(_options.ZeroAheadBytes, _segments[^1].SizeBytes - end));
        }
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isBroken)
        {
            throw new IOException("The control log stopped after a failure of the disk; it must be opened anew.");
        }
    }
}
