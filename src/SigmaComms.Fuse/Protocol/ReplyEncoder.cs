using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol.Wire;
using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Protocol;

/// <summary>Puts what operations answer into the room of a request. Each answers the bytes used.</summary>
internal static class ReplyEncoder
{
    public static readonly Encode<NodeEntry> Entry =
        static (FuseRequest request, in NodeEntry entry) => Put(request, AttributesEncoder.Entry(entry));

    public static readonly Encode<AttributesReply> Attributes =
        static (FuseRequest request, in AttributesReply reply) => Put(request, AttributesEncoder.Reply(reply));

    public static readonly Encode<OpenReply> Opened =
        static (FuseRequest request, in OpenReply reply) => Put(request, Open(reply));

    public static readonly Encode<CreateReply> Created = PutCreated;

    public static readonly Encode<FileSystemStatistics> Statistics = PutStatistics;

    public static readonly Encode<LockRange> Lock = PutLock;

    public static readonly Encode<InitOut> Initialized =
        static (FuseRequest request, in InitOut reply) => Put(request, reply);

    public static readonly Encode<ulong> Offset =
        static (FuseRequest request, in ulong offset) => Put(request, new SeekOut { Offset = offset });

    /// <summary>So many bytes were put into the room by the operation itself.</summary>
    public static readonly Encode<int> RoomUsed = static (FuseRequest request, in int length) =>
        length >= 0 && length <= request.RoomBytes ? length : -(int)Errno.InputOutput;

    /// <summary>The same for values whose length is told even if they did not fit.</summary>
    public static readonly Encode<int> ValueFits = static (FuseRequest request, in int length) =>
        length > request.RoomBytes ? -(int)Errno.Range : RoomUsed(request, in length);

    public static readonly Encode<int> Written = static (FuseRequest request, in int length) =>
        length >= 0 ? Put(request, new WriteOut { Size = (uint)length }) : -(int)Errno.InputOutput;

    public static readonly Encode<int> XattrSize = static (FuseRequest request, in int length) =>
        length >= 0 ? Put(request, new GetXattrOut { Size = (uint)length }) : -(int)Errno.InputOutput;

    /// <summary>Writes a value as a reply; an error as a negative number if there can be no such value.</summary>
    public delegate int Encode<T>(FuseRequest request, in T value)
        where T : struct;

    private static int PutCreated(FuseRequest request, in CreateReply reply)
    {
        EntryOut entry = AttributesEncoder.Entry(reply.Entry);
        OpenOut opened = Open(reply.Opened);
        Span<byte> room = request.Room(Unsafe.SizeOf<EntryOut>() + Unsafe.SizeOf<OpenOut>()).Span;
        MemoryMarshal.Write(room, in entry);
        MemoryMarshal.Write(room[Unsafe.SizeOf<EntryOut>()..], in opened);
        return room.Length;
    }

    private static int PutStatistics(FuseRequest request, in FileSystemStatistics statistics) =>
        Put(request, new StatisticsOut
        {
            Blocks = statistics.Blocks,
            BlocksFree = statistics.BlocksFree,
            BlocksAvailable = statistics.BlocksAvailable,
            Nodes = statistics.Nodes,
            NodesFree = statistics.NodesFree,
            BlockSize = statistics.BlockSize,
            FragmentSize = statistics.BlockSize,
            NameLength = statistics.NameLengthMax,
        });

    private static int PutLock(FuseRequest request, in LockRange range) =>
        Put(request, new LockWire
        {
            Start = range.Start,
            End = range.End,
            Type = (uint)range.Kind,
            ProcessId = range.ProcessId,
        });

    private static OpenOut Open(in OpenReply reply) =>
        new() { Handle = reply.Handle.Value, OpenFlags = (uint)reply.Options };

    private static int Put<T>(FuseRequest request, T value)
        where T : unmanaged
    {
        Span<byte> room = request.Room(Unsafe.SizeOf<T>()).Span;
        MemoryMarshal.Write(room, in value);
        return room.Length;
    }
}
