namespace SigmaComms.Fuse.Files;

/// <summary>How the kernel is to treat an open file or directory. The numbers are the protocol's.</summary>
[Flags]
public enum OpenOptions
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Reads and writes go past the page cache.</summary>
    DirectIo = 1,

    /// <summary>What the page cache has is still right.</summary>
    KeepCache = 2,

    /// <summary>There are no positions in it.</summary>
    NonSeekable = 4,

    /// <summary>The names of the directory may be cached.</summary>
    CacheDirectory = 8,

    /// <summary>A stream without positions.</summary>
    Stream = 16,

    /// <summary>No flush when it is closed.</summary>
    NoFlush = 32,

    /// <summary>Writes past the page cache may run side by side.</summary>
    ParallelDirectWrites = 64,
}
