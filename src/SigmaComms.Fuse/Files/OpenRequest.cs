namespace SigmaComms.Fuse.Files;

/// <summary>How a file or directory is to be opened.</summary>
/// <param name="Flags">The flags of open(2), as Linux numbers them.</param>
/// <param name="ClearsSetIds">Setuid and setgid bits are to be cleared, as the file is cut to nothing.</param>
public readonly record struct OpenRequest(uint Flags, bool ClearsSetIds)
{
    private const uint AccessMask = 3;
    private const uint TruncateFlag = 0x200;
    private const uint AppendFlag = 0x400;
    private const uint ExclusiveFlag = 0x80;

    /// <summary>Whether it may be read.</summary>
    public bool Reads => (Flags & AccessMask) != 1;

    /// <summary>Whether it may be written.</summary>
    public bool Writes => (Flags & AccessMask) is 1 or 2;

    /// <summary>Whether it is cut to nothing first (O_TRUNC).</summary>
    public bool Truncates => (Flags & TruncateFlag) != 0;

    /// <summary>Whether all writes go to the end (O_APPEND).</summary>
    public bool Appends => (Flags & AppendFlag) != 0;

    /// <summary>Whether it must not be there yet (O_EXCL).</summary>
    public bool Exclusive => (Flags & ExclusiveFlag) != 0;
}
