namespace SigmaComms.Fuse.Files;

/// <summary>Where bytes are to be written.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Offset">Where, in bytes. With O_APPEND the kernel takes the end as it knows it.</param>
/// <param name="Flags">Flags of the open file, as Linux numbers them.</param>
public readonly record struct WriteRequest(FileHandle Handle, ulong Offset, uint Flags)
{
    private const uint AppendFlag = 0x400;

    /// <summary>Whether the page cache writes, not a process: then the handle may be any that can be written.</summary>
    public bool FromCache { get; init; }

    /// <summary>Setuid and setgid bits are to be cleared.</summary>
    public bool ClearsSetIds { get; init; }

    /// <summary>Whether all writes go to the end (O_APPEND).</summary>
    public bool Appends => (Flags & AppendFlag) != 0;
}
