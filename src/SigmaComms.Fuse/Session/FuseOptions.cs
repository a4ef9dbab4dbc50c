using SigmaComms.Fuse.Protocol;

namespace SigmaComms.Fuse.Session;

/// <summary>How a filesystem is mounted and served.</summary>
public sealed class FuseOptions
{
    private const int ReadersMax = 16;
    private const int BackgroundLimit = ushort.MaxValue;
    private const int TransferLimit = 1024 * 1024;

    /// <summary>What mount(8) shows as source. Without comma, backslash or control characters.</summary>
    public string Source { get; set; } = "sigma";

    /// <summary>What mount(8) shows as type after "fuse.". Letters and digits.</summary>
    public string Subtype { get; set; } = "sigma";

    /// <summary>Nothing can be changed.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Other users than the one who mounts may use it.</summary>
    public bool AllowOther { get; set; }

    /// <summary>The kernel decides by owner, group and mode who may what. Default true.</summary>
    public bool DefaultPermissions { get; set; } = true;

    /// <summary>A directory that is not empty may be mounted on, too.</summary>
    public bool AllowNonEmpty { get; set; }

    /// <summary>Mounts by fusermount3 even where this process may mount itself.</summary>
    public bool UseMountProgram { get; set; }

    /// <summary>The filesystem keeps POSIX locks; else the kernel does, for this mount alone.</summary>
    public bool PosixLocks { get; set; }

    /// <summary>The filesystem keeps locks of flock(2); else the kernel does, for this mount alone.</summary>
    public bool FlockLocks { get; set; }

    /// <summary>
    /// The filesystem finds nodes by "." and their directories by "..", so that the mount can be exported and handles
    /// of open_by_handle_at(2) live long.
    /// </summary>
    public bool Findable { get; set; }

    /// <summary>The kernel keeps targets of symbolic links.</summary>
    public bool CacheSymbolicLinks { get; set; }

    /// <summary>The filesystem answers OPEN with ENOSYS and needs neither OPEN nor RELEASE.</summary>
    public bool WithoutOpen { get; set; }

    /// <summary>The filesystem answers OPENDIR with ENOSYS and needs neither OPENDIR nor RELEASEDIR.</summary>
    public bool WithoutOpenDirectory { get; set; }

    /// <summary>
    /// Pieces of large O_DIRECT reads and writes are sent at once. Faster, but signals no longer end them: who waits
    /// for a filesystem that does not answer cannot be interrupted.
    /// </summary>
    public bool AsyncDirectIo { get; set; }

    /// <summary>The kernel keeps dirty pages. Right only while no other mount writes.</summary>
    public bool WritebackCache { get; set; }

    /// <summary>Pages are dropped only when the filesystem says so, not when it answers a newer time.</summary>
    public bool ExplicitInvalidation { get; set; }

    /// <summary>Bytes of the largest read or write: a multiple of 4,096 up to 1 MiB, which is the default.</summary>
    public int TransferBytesMax { get; set; } = TransferLimit;

    /// <summary>Bytes that the kernel reads ahead, if it agrees. Default 1 MiB.</summary>
    public int ReadAheadBytesMax { get; set; } = TransferLimit;

    /// <summary>Requests that nobody waits for, which the kernel sends at once: 1 to 65,535, default 64.</summary>
    public int BackgroundMax { get; set; } = 64;

    /// <summary>Threads that read from the kernel: 1 to 16, default 2.</summary>
    public int Readers { get; set; } = 2;

    /// <summary>Bytes that requests may hold while they wait: 8 MiB at least, default 96 MiB.</summary>
    public long InFlightBytesMax { get; set; } = 96L * 1024 * 1024;

    /// <summary>How long an unmount waits for those who still use the mount. Default 10 s.</summary>
    public TimeSpan UnmountWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// Told of each exception of the filesystem, which was answered as EIO, and of replies that the kernel refused.
    /// </summary>
    public Action<FuseOpcode, Exception>? Faulted { get; set; }

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">One is not kept.</exception>
    internal void Validate()
    {
        Require(IsPlain(Source) && Source.Length > 0, nameof(Source));
        Require(Subtype.Length > 0 && Subtype.All(char.IsAsciiLetterOrDigit), nameof(Subtype));
        Require(
            TransferBytesMax is >= Negotiation.PageBytes and <= TransferLimit
            && TransferBytesMax % Negotiation.PageBytes == 0,
            nameof(TransferBytesMax));
        Require(ReadAheadBytesMax >= 0, nameof(ReadAheadBytesMax));
        Require(BackgroundMax is >= 1 and <= BackgroundLimit, nameof(BackgroundMax));
        Require(Readers is >= 1 and <= ReadersMax, nameof(Readers));
        Require(InFlightBytesMax >= 8L * TransferLimit, nameof(InFlightBytesMax));
        Require(UnmountWait >= TimeSpan.Zero, nameof(UnmountWait));
    }

    private static bool IsPlain(string text) => !text.Any(c => c is ',' or '\\' or '"' || char.IsControl(c));

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentException("Out of range.", name);
        }
    }
}
