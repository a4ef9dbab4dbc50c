using SigmaComms.Fuse.Files;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Attributes and entries as the kernel takes them.</summary>
internal static class AttributesEncoder
{
    private const int NanosecondsPerTick = 100;
    private const long SecondsMax = 10L * 366 * 24 * 3600;

    public static EntryOut Entry(in NodeEntry entry)
    {
        (ulong entrySeconds, uint entryNanoseconds) = Timeout(entry.EntryTimeout);
        (ulong seconds, uint nanoseconds) = Timeout(entry.AttributesTimeout);
        return new EntryOut
        {
            Node = entry.Node.Value,
            Generation = entry.Generation,
            EntrySeconds = entrySeconds,
            EntryNanoseconds = entryNanoseconds,
            AttributesSeconds = seconds,
            AttributesNanoseconds = nanoseconds,
            Attributes = Attributes(entry.Attributes),
        };
    }

    public static AttributesOut Reply(in AttributesReply reply)
    {
        (ulong seconds, uint nanoseconds) = Timeout(reply.Timeout);
        return new AttributesOut
        {
            ValidSeconds = seconds,
            ValidNanoseconds = nanoseconds,
            Attributes = Attributes(reply.Attributes),
        };
    }

    private static AttributesWire Attributes(in NodeAttributes node) => new()
    {
        Inode = node.Inode,
        Size = node.Size,
        Blocks = node.Blocks,
        AccessSeconds = unchecked((ulong)node.AccessTime.Seconds),
        ModifySeconds = unchecked((ulong)node.ModifyTime.Seconds),
        ChangeSeconds = unchecked((ulong)node.ChangeTime.Seconds),
        AccessNanoseconds = node.AccessTime.Nanoseconds,
        ModifyNanoseconds = node.ModifyTime.Nanoseconds,
        ChangeNanoseconds = node.ChangeTime.Nanoseconds,
        Mode = node.Mode,
        LinkCount = node.LinkCount,
        UserId = node.UserId,
        GroupId = node.GroupId,
        Device = node.Device,
        BlockSize = node.BlockSize,
    };

    /// <summary>Negative ones as zero; at most ten years, so that no sum in the kernel overflows.</summary>
    private static (ulong Seconds, uint Nanoseconds) Timeout(TimeSpan timeout)
    {
        long ticks = Math.Clamp(timeout.Ticks, 0, SecondsMax * TimeSpan.TicksPerSecond);
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return ((ulong)seconds, (uint)(rest * NanosecondsPerTick));
    }
}
