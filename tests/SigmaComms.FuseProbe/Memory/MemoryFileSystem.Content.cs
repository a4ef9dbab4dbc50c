using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Session;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>Open files and directories.</summary>
public sealed partial class MemoryFileSystem
{
    private const long SizeMax = 1L << 50;
    private const ulong AllocateMax = 1 << 26;

    public override ValueTask<FuseResult<OpenReply>> OpenAsync(FuseRequest request, NodeId node, OpenRequest open)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file))
            {
                return new(Errno.Stale);
            }

            if (open.Truncates)
            {
                file.Content?.Resize(0);
                Modified(file, open.ClearsSetIds);
            }

            // Only reads past the cache can be interrupted by any signal.
            OpenReply opened = NewHandle();
            return new(node == Hanging ? opened with { Options = OpenOptions.DirectIo } : opened);
        }
    }

    public override ValueTask<FuseResult<int>> ReadAsync(
        FuseRequest request, NodeId node, ReadRequest read, Memory<byte> room)
    {
        if (node == Hanging)
        {
            return HangAsync(request);
        }

        return AnswersLater ? ReadLaterAsync(node, read, room) : new(Read(node, read, room.Span));
    }

    public override ValueTask<FuseResult<int>> WriteAsync(
        FuseRequest request, NodeId node, WriteRequest write, ReadOnlyMemory<byte> bytes) =>
        AnswersLater ? WriteLaterAsync(node, write, bytes) : new(Write(node, write, bytes.Span));

    public override ValueTask<Errno> FlushAsync(FuseRequest request, NodeId node, FileHandle handle, LockOwner owner)
    {
        lock (_lock)
        {
            if (TryFind(node, out MemoryNode? file))
            {
                file.PosixLocks.Release(owner);
            }

            return new(Errno.None);
        }
    }

    public override ValueTask<Errno> ReleaseAsync(FuseRequest request, NodeId node, ReleaseRequest release)
    {
        lock (_lock)
        {
            if (release.UnlocksFlock && TryFind(node, out MemoryNode? file))
            {
                file.Flocks.Release(release.Owner);
            }

            return new(Errno.None);
        }
    }

    public override ValueTask<Errno> SyncAsync(FuseRequest request, NodeId node, FileHandle handle, bool dataOnly)
    {
        Syncs++;
        return new(Errno.None);
    }

    public override ValueTask<Errno> SyncDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, bool dataOnly)
    {
        Syncs++;
        return new(Errno.None);
    }

    public override ValueTask<Errno> ReadDirectoryAsync(
        FuseRequest request, NodeId node, FileHandle handle, DirectoryListing listing)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? directory) || directory.Names is not { } names)
            {
                return new(Errno.NotDirectory);
            }

            if ((listing.Cookie < 1 && !listing.TryAdd("."u8, Peek(directory), 1))
                || (listing.Cookie < 2 && !listing.TryAdd(".."u8, Peek(directory.Parent!), 2)))
            {
                return new(Errno.None);
            }

            // Anybody can seek to any place; there is nothing after those that were never given out.
            int first = (int)Math.Min(listing.Cookie, (ulong)names.NumbersUsed + 2) - 2;
            for (int i = Math.Max(0, first); i < names.NumbersUsed; i++)
            {
                if (!names.TryGet(i, out ReadOnlySpan<byte> name, out MemoryNode? child))
                {
                    continue;
                }

                if (!listing.TryAdd(name, Peek(child), (ulong)i + 3))
                {
                    break;
                }

                child.Lookups += listing.WithEntries ? 1u : 0;
            }

            return new(Errno.None);
        }
    }

    public override ValueTask<FuseResult<LockRange>> GetLockAsync(
        FuseRequest request, NodeId node, LockRequest wanted)
    {
        lock (_lock)
        {
            return TryFind(node, out MemoryNode? file)
                ? new(
                    Locks(file, wanted).Conflict(wanted.Owner, wanted.Range)
                    ?? wanted.Range with { Kind = LockKind.Unlock })
                : new(Errno.Stale);
        }
    }

    public override ValueTask<Errno> SetLockAsync(FuseRequest request, NodeId node, LockRequest wanted, bool waits)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file))
            {
                return new(Errno.Stale);
            }

            if (Locks(file, wanted).TrySet(wanted.Owner, wanted.Range))
            {
                return new(Errno.None);
            }

            return waits ? LockLaterAsync(request, file, wanted) : new(Errno.TryAgain);
        }
    }

    public override ValueTask<Errno> AllocateAsync(FuseRequest request, NodeId node, AllocateRequest range)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file) || file.Content is not { } content)
            {
                return new(Errno.BadHandle);
            }

            if (range.Length > AllocateMax || range.Offset > (ulong)SizeMax)
            {
                return new(Errno.NoSpace);
            }

            long offset = (long)range.Offset;
            long length = (long)range.Length;
            bool keep = range.Options.HasFlag(AllocateOptions.KeepSize);
            switch (range.Options & ~AllocateOptions.KeepSize)
            {
                case AllocateOptions.None:
                    content.Allocate(offset, length, keep);
                    break;
                case AllocateOptions.PunchHole when keep:
                    content.Punch(offset, length);
                    break;
                case AllocateOptions.ZeroRange:
                    content.Punch(offset, length);
                    content.Allocate(offset, length, keep);
                    break;
                default:
                    return new(Errno.NotSupported);
            }

            Modified(file, clearsSetIds: false);
            return new(Errno.None);
        }
    }

    public override ValueTask<FuseResult<ulong>> SeekAsync(
        FuseRequest request, NodeId node, FileHandle handle, ulong offset, SeekTarget target)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file) || file.Content is not { } content)
            {
                return new(Errno.BadHandle);
            }

            long found = offset >= (ulong)content.Size ? -1 : content.Seek((long)offset, target == SeekTarget.Data);
            return found < 0 ? new(Errno.NoSuchAddress) : new((ulong)found);
        }
    }

    public override ValueTask<FuseResult<int>> CopyRangeAsync(
        FuseRequest request, NodeId node, CopyRangeRequest copy)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? source) || source.Content is not { } from
                || !TryFind(copy.TargetNode, out MemoryNode? target) || target.Content is not { } to)
            {
                return new(Errno.BadHandle);
            }

            if (copy.TargetOffset > (ulong)SizeMax)
            {
                return new(Errno.TooLarge);
            }

            byte[] bytes = new byte[Math.Min(copy.Length, 1 << 20)];
            int length = from.Read((long)copy.SourceOffset, bytes);
            to.Write((long)copy.TargetOffset, bytes.AsSpan(0, length));
            Modified(target, clearsSetIds: true);
            return new(length);
        }
    }

    private static LockTable Locks(MemoryNode file, LockRequest wanted) =>
        wanted.IsFlock ? file.Flocks : file.PosixLocks;

    private async ValueTask<FuseResult<int>> HangAsync(FuseRequest request)
    {
        HangBegan.TrySetResult();
        try
        {
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, _time, request.Interrupted);
        }
        finally
        {
            HangEnded.TrySetResult();
        }

        return 0;
    }

    private async ValueTask<FuseResult<int>> ReadLaterAsync(NodeId node, ReadRequest read, Memory<byte> room)
    {
        await Task.Yield();
        return Read(node, read, room.Span);
    }

    private async ValueTask<FuseResult<int>> WriteLaterAsync(
        NodeId node, WriteRequest write, ReadOnlyMemory<byte> bytes)
    {
        await Task.Yield();
        return Write(node, write, bytes.Span);
    }

    private async ValueTask<Errno> LockLaterAsync(FuseRequest request, MemoryNode file, LockRequest wanted)
    {
        CancellationToken interrupted = request.Interrupted;
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (Locks(file, wanted).TrySet(wanted.Owner, wanted.Range))
                {
                    return Errno.None;
                }

                change = Locks(file, wanted).ChangeAsync();
            }

            LockAwaited.TrySetResult();
            await change.WaitAsync(interrupted);
        }
    }

    private FuseResult<int> Read(NodeId node, ReadRequest read, Span<byte> room)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file) || file.Content is not { } content)
            {
                return Errno.BadHandle;
            }

            // Once after each change is enough, as with relatime.
            if (file.AccessTime.Seconds <= file.ModifyTime.Seconds)
            {
                file.AccessTime = Now();
            }

            return content.Read((long)read.Offset, room);
        }
    }

    private FuseResult<int> Write(NodeId node, WriteRequest write, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!TryFind(node, out MemoryNode? file) || file.Content is not { } content)
            {
                return Errno.BadHandle;
            }

            long offset = write.Appends && !write.FromCache ? content.Size : (long)write.Offset;
            if (offset > SizeMax - bytes.Length)
            {
                return Errno.TooLarge;
            }

            content.Write(offset, bytes);
            Modified(file, write.ClearsSetIds);
            return bytes.Length;
        }
    }

    private void Modified(MemoryNode file, bool clearsSetIds)
    {
        Touch(file);
        if (clearsSetIds)
        {
            ClearSetIds(file);
        }
    }

    private static void ClearSetIds(MemoryNode file)
    {
        file.Mode &= ~NodeMode.SetUser;
        if ((file.Mode & NodeMode.GroupExecute) != 0)
        {
            file.Mode &= ~NodeMode.SetGroup;
        }
    }
}
