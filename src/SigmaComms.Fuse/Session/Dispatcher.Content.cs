using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>What is about open files and directories.</summary>
internal sealed partial class Dispatcher
{
    private const uint OpenClearsSetIds = 1;
    private const uint ReleaseUnlocksFlock = 2;
    private const uint WriteFromCache = 1;
    private const uint WriteClearsSetIds = 4;
    private const uint SyncDataOnly = 1;
    private const uint LockIsFlock = 1;

    private bool RouteContent(FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Open:
            case FuseOpcode.OpenDirectory:
                Open(request);
                return true;
            case FuseOpcode.Read:
                Read(request);
                return true;
            case FuseOpcode.Write:
                Write(request);
                return true;
            case FuseOpcode.ReadDirectory:
            case FuseOpcode.ReadDirectoryPlus:
                ReadDirectory(request);
                return true;
            case FuseOpcode.Flush:
                Flush(request);
                return true;
            case FuseOpcode.Release:
            case FuseOpcode.ReleaseDirectory:
                Release(request);
                return true;
            case FuseOpcode.Sync:
            case FuseOpcode.SyncDirectory:
                Sync(request);
                return true;
            case FuseOpcode.GetLock:
            case FuseOpcode.SetLock:
            case FuseOpcode.SetLockWait:
                Lock(request);
                return true;
            default:
                return RouteRanges(request);
        }
    }

    private bool RouteRanges(FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Allocate:
                Allocate(request);
                return true;
            case FuseOpcode.Seek:
                Seek(request);
                return true;
            case FuseOpcode.CopyRange:
                CopyRange(request);
                return true;
            default:
                return false;
        }
    }

    private void Open(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        OpenIn open = body.Take<OpenIn>();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var how = new OpenRequest(open.Flags, (open.OpenFlags & OpenClearsSetIds) != 0);
        Answer(
            request,
            request.Opcode == FuseOpcode.Open
                ? files.OpenAsync(request, request.Node, how)
                : files.OpenDirectoryAsync(request, request.Node, how),
            ReplyEncoder.Opened);
    }

    private void Read(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReadIn read = body.Take<ReadIn>();
        if (read.Size > (uint)options.TransferBytesMax || read.Offset > long.MaxValue)
        {
            body.Fail(Errno.Invalid);
        }

        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        Memory<byte> room = request.Room((int)read.Size);
        var what = new ReadRequest(new FileHandle(read.Handle), read.Offset, read.Flags);
        Answer(request, files.ReadAsync(request, request.Node, what, room), ReplyEncoder.RoomUsed);
    }

    private void Write(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        WriteIn write = body.Take<WriteIn>();
        ReadOnlyMemory<byte> bytes = body.Bytes(write.Size);
        if (write.Offset > long.MaxValue)
        {
            body.Fail(Errno.TooLarge);
        }

        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var where = new WriteRequest(new FileHandle(write.Handle), write.Offset, write.Flags)
        {
            FromCache = (write.WriteFlags & WriteFromCache) != 0,
            ClearsSetIds = (write.WriteFlags & WriteClearsSetIds) != 0,
        };
        Answer(request, files.WriteAsync(request, request.Node, where, bytes), ReplyEncoder.Written);
    }

    private void ReadDirectory(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReadIn read = body.Take<ReadIn>();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        int size = (int)Math.Min(read.Size, (uint)options.TransferBytesMax);
        request.Listing.Begin(
            request.Room(size), read.Offset, request.Opcode == FuseOpcode.ReadDirectoryPlus);
        ValueTask<Errno> pending = files.ReadDirectoryAsync(
            request, request.Node, new FileHandle(read.Handle), request.Listing);
        if (pending.IsCompletedSuccessfully)
        {
            SendListing(request, pending.GetAwaiter().GetResult());
        }
        else
        {
            _ = AnswerListingLaterAsync(request, pending);
        }
    }

    private async Task AnswerListingLaterAsync(FuseRequest request, ValueTask<Errno> pending)
    {
        int held = request.HeldBytes;
        gate.Add(held);
        Errno error;
        try
        {
            error = await pending;
        }
        catch (Exception fault)
        {
            error = ErrorOf(request, fault);
        }

        SendListing(request, error);
        gate.Remove(held);
    }

    private void SendListing(FuseRequest request, Errno error) =>
        Send(request, error, error == Errno.None ? request.Listing.Length : 0);

    private void Flush(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        FlushIn flush = body.Take<FlushIn>();
        if (body.Ends(out Errno error))
        {
            Answer(
                request,
                files.FlushAsync(
                    request, request.Node, new FileHandle(flush.Handle), new LockOwner(flush.LockOwner)));
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Release(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReleaseIn release = body.Take<ReleaseIn>();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var handle = new FileHandle(release.Handle);
        var what = new ReleaseRequest(
            handle, new LockOwner(release.LockOwner), (release.ReleaseFlags & ReleaseUnlocksFlock) != 0);
        Answer(
            request,
            request.Opcode == FuseOpcode.Release
                ? files.ReleaseAsync(request, request.Node, what)
                : files.ReleaseDirectoryAsync(request, request.Node, handle));
    }

    private void Sync(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        SyncIn sync = body.Take<SyncIn>();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var handle = new FileHandle(sync.Handle);
        bool dataOnly = (sync.Flags & SyncDataOnly) != 0;
        Answer(
            request,
            request.Opcode == FuseOpcode.Sync
                ? files.SyncAsync(request, request.Node, handle, dataOnly)
                : files.SyncDirectoryAsync(request, request.Node, handle, dataOnly));
    }

    private void Lock(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        LockIn wanted = body.Take<LockIn>();
        if (wanted.Lock.Type > (uint)LockKind.Unlock || wanted.Lock.Start > wanted.Lock.End)
        {
            body.Fail(Errno.Invalid);
        }

        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var range = new LockRange(
            wanted.Lock.Start, wanted.Lock.End, (LockKind)wanted.Lock.Type, wanted.Lock.ProcessId);
        var what = new LockRequest(
            new FileHandle(wanted.Handle), new LockOwner(wanted.Owner), range, (wanted.Flags & LockIsFlock) != 0);
        if (request.Opcode == FuseOpcode.GetLock)
        {
            Answer(request, files.GetLockAsync(request, request.Node, what), ReplyEncoder.Lock);
        }
        else
        {
            bool waits = request.Opcode == FuseOpcode.SetLockWait;
            Answer(request, files.SetLockAsync(request, request.Node, what, waits));
        }
    }

    private void Allocate(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        AllocateIn allocate = body.Take<AllocateIn>();
        if (allocate.Offset > long.MaxValue || allocate.Length > long.MaxValue - allocate.Offset)
        {
            body.Fail(Errno.TooLarge);
        }

        if (body.Ends(out Errno error))
        {
            var flags = unchecked((AllocateOptions)allocate.Mode);
            var range = new AllocateRequest(
                new FileHandle(allocate.Handle), allocate.Offset, allocate.Length, flags);
            Answer(request, files.AllocateAsync(request, request.Node, range));
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Seek(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        SeekIn seek = body.Take<SeekIn>();
        if (seek.Whence is not ((uint)SeekTarget.Data or (uint)SeekTarget.Hole))
        {
            body.Fail(Errno.Invalid);
        }

        if (body.Ends(out Errno error))
        {
            Answer(
                request,
                files.SeekAsync(
                    request, request.Node, new FileHandle(seek.Handle), seek.Offset, (SeekTarget)seek.Whence),
                ReplyEncoder.Offset);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void CopyRange(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        CopyRangeIn copy = body.Take<CopyRangeIn>();
        if (copy.OffsetIn > long.MaxValue || copy.OffsetOut > long.MaxValue || copy.Flags != 0)
        {
            body.Fail(Errno.Invalid);
        }

        if (body.Ends(out Errno error))
        {
            // The reply counts bytes in 32 bits; callers go on where less was copied.
            var range = new CopyRangeRequest(
                new FileHandle(copy.HandleIn),
                copy.OffsetIn,
                new NodeId(copy.NodeOut),
                new FileHandle(copy.HandleOut),
                copy.OffsetOut,
                Math.Min(copy.Length, int.MaxValue & ~(ulong)(Negotiation.PageBytes - 1)));
            Answer(request, files.CopyRangeAsync(request, request.Node, range), ReplyEncoder.Written);
        }
        else
        {
            Refuse(request, error);
        }
    }
}
