using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// What was written into one file and is being brought to the nodes. Has the file's turn until its end.
/// </summary>
internal sealed class LeavingFile
{
    /// <summary>More than two operations without content take.</summary>
    private const int OperationBytes = 128;

    private readonly MountedFile _file;
    private readonly long _size;
    private readonly bool _isDated;
    private readonly byte[]? _inline;
    private readonly bool _hadInline;
    private readonly bool _isClean;
    private readonly DirtyRanges _content;
    private bool _isBegun;

    private LeavingFile(MountedFile file, long size, byte[] former, bool hasExtents)
    {
        (_file, _size, _isDated, At) = (file, size, file.IsDated, file.ModifiedAt);
        _content = file.Leaving!;
        _isClean = _content.IsEmpty && file.Size < 0;
        if (_isClean)
        {
            return;
        }

        if (size <= NamespaceLimits.InlineSizeMax && !hasExtents)
        {
            _inline = new byte[size];
            former.AsSpan(0, (int)Math.Min(size, former.Length)).CopyTo(_inline);
            _content.CopyTo(0, _inline);
        }
        else if (former.Length > 0)
        {
            // What lived in the namespace moves into stripes with what is written over it.
            _content = new DirtyRanges();
            _content.Write(0, former);
            foreach ((long offset, ReadOnlyMemory<byte> bytes) in file.Leaving!.Pieces())
            {
                _content.Write(offset, bytes.Span);
            }
        }

        _hadInline = former.Length > 0;
    }

    /// <summary>The file.</summary>
    public ulong Inode => _file.Inode;

    /// <summary>When it was written.</summary>
    public long At { get; }

    /// <summary>Whether the namespace has it all now.</summary>
    public bool IsStored { get; set; }

    /// <summary>Room for what comes after its last stripe, in an entry.</summary>
    public int EndingBytes => OperationBytes + (_inline?.Length ?? 0);

    /// <summary>What goes into stripes.</summary>
    public IEnumerable<(long Offset, ReadOnlyMemory<byte> Bytes)> Pieces => _inline is null ? _content.Pieces() : [];

    /// <summary>Takes what was written up to now; the caller has the file's turn.</summary>
    public static LeavingFile Take(MountedFile file, MountFront front)
    {
        (byte[] former, bool hasExtents, long size) = front.Look(state => (
            state.ReadInline(file.Inode).ToArray(),
            state.ReadExtents(file.Inode, 0, long.MaxValue).Any(),
            state.TryStat(file.Inode, out InodeStat stat) ? stat.Size : 0));
        lock (file.Gate)
        {
            file.Leaving = file.Dirty;
            file.Dirty = new DirtyRanges();
            file.Moves++;
            return new LeavingFile(file, file.Size >= 0 ? file.Size : size, former, hasExtents);
        }
    }

    /// <summary>Whether the file still is in the namespace.</summary>
    public bool IsThere(NamespaceState state) => state.TryStat(Inode, out _);

    /// <summary>What comes before its first stripe, once.</summary>
    public IEnumerable<NamespaceOperation> Beginning(NamespaceState state)
    {
        bool begins = !_isBegun && _hadInline && IsThere(state);
        _isBegun = true;
        return begins ? [new WriteInline(Inode, ReadOnlyMemory<byte>.Empty, At)] : [];
    }

    /// <summary>What comes after its last stripe.</summary>
    public IEnumerable<NamespaceOperation> Ending(NamespaceState state, long now)
    {
        if (_isClean || !state.TryStat(Inode, out InodeStat stat))
        {
            yield break;
        }

        if (_inline is not null)
        {
            yield return new WriteInline(Inode, _inline, At);
        }
        else if (stat.Size != _size)
        {
            yield return new Truncate(Inode, _size, At);
        }

        if (_isDated)
        {
            yield return new SetAttributes(Inode, AttributeFields.ModifiedAt, default, 0, At, now);
        }
    }

    /// <summary>Gives the turn back; what is not stored is dirty again.</summary>
    public void End()
    {
        lock (_file.Gate)
        {
            if (!IsStored)
            {
                // What lived in the namespace may have been taken from there already.
                DirtyRanges both = _isClean ? _file.Leaving! : _content;
                foreach ((long offset, ReadOnlyMemory<byte> bytes) in _file.Dirty.Pieces())
                {
                    both.Write(offset, bytes.Span);
                }

                _file.Dirty = both;
            }
            else if (_file.Dirty.IsEmpty && _file.ModifiedAt == At && _file.IsDated == _isDated)
            {
                (_file.Size, _file.ModifiedAt, _file.IsDated) = (-1, 0, false);
            }
            else if (_file.Dirty.IsEmpty && !_isClean)
            {
                // Somebody set the time meanwhile: what was stored has overwritten it, so that it is set once more.
                _file.Size = _size;
            }

            _file.Leaving = null;
            _file.Moves++;
        }

        _file.Turn.Release();
    }
}
