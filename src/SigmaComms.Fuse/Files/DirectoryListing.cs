using System.Runtime.InteropServices;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Files;

/// <summary>Names of a directory that are about to be answered.</summary>
public sealed class DirectoryListing
{
    private const int RecordBytes = 24;
    private const int EntryBytes = 128;
    private const int Alignment = 8;
    private const int TypeShift = 12;
    private Memory<byte> _room;

    internal DirectoryListing()
    {
    }

    /// <summary>Where to begin: 0, or the cookie of the last name that the kernel has.</summary>
    public ulong Cookie { get; private set; }

    /// <summary>
    /// Whether nodes are listed with their names (READDIRPLUS): then each added one is known once more to the kernel.
    /// </summary>
    public bool WithEntries { get; private set; }

    /// <summary>Bytes that are used.</summary>
    internal int Length { get; private set; }

    /// <summary>Adds a name. False, with nothing added, if there is no more room; then this is enough.</summary>
    /// <param name="name">The name; "." and ".." are listed too.</param>
    /// <param name="entry">The node; of "." and ".." and in plain listings only inode and mode are used.</param>
    /// <param name="cookie">Where the listing goes on after this name; not 0.</param>
    public bool TryAdd(ReadOnlySpan<byte> name, in NodeEntry entry, ulong cookie)
    {
        int start = WithEntries ? EntryBytes : 0;
        int unpadded = start + RecordBytes + name.Length;
        int length = (unpadded + Alignment - 1) & -Alignment;
        if (length > _room.Length - Length)
        {
            return false;
        }

        Span<byte> target = _room.Span.Slice(Length, length);
        if (WithEntries)
        {
            // Dots are not nodes of their own: the kernel neither keeps nor forgets them.
            EntryOut plus = IsDots(name) ? default : AttributesEncoder.Entry(entry);
            MemoryMarshal.Write(target, in plus);
        }

        var record = new DirectoryRecord
        {
            Inode = entry.Attributes.Inode,
            Cookie = cookie,
            NameLength = (uint)name.Length,
            Type = (entry.Attributes.Mode & NodeMode.TypeMask) >> TypeShift,
        };
        MemoryMarshal.Write(target[start..], in record);
        name.CopyTo(target[(start + RecordBytes)..]);
        target[unpadded..].Clear();
        Length += length;
        return true;
    }

    internal void Begin(Memory<byte> room, ulong cookie, bool withEntries)
    {
        _room = room;
        Cookie = cookie;
        WithEntries = withEntries;
        Length = 0;
    }

    private static bool IsDots(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.'];
}
