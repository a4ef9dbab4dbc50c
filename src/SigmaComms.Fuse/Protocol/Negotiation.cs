using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol.Wire;
using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Protocol;

/// <summary>The first request: versions, flags and sizes.</summary>
internal static class Negotiation
{
    public const uint Major = 7;
    public const uint MinorMin = 31;
    public const uint MinorMax = 40;
    public const int PageBytes = 4096;
    private const int ShortInitBytes = 16;
    private const int FlagsHalfBits = 32;

    private const InitFlags Always =
        InitFlags.AsyncRead | InitFlags.AtomicTruncate | InitFlags.BigWrites
        | InitFlags.ReadDirectoryPlus | InitFlags.ReadDirectoryPlusAuto
        | InitFlags.ParallelDirectoryOperations | InitFlags.MaxPages | InitFlags.HandleKillPrivilegesV2
        | InitFlags.SetXattrExtended | InitFlags.InitExtended;

    /// <summary>Reads what the kernel offers. Kernels before 7.36 send less than later ones.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out InitIn offer)
    {
        offer = default;
        if (body.Length < ShortInitBytes)
        {
            return false;
        }

        Span<byte> target = MemoryMarshal.AsBytes(new Span<InitIn>(ref offer));
        body[..Math.Min(body.Length, Unsafe.SizeOf<InitIn>())].CopyTo(target);
        if ((offer.Flags & (uint)InitFlags.InitExtended) == 0)
        {
            offer.Flags2 = 0;
        }

        return true;
    }

    /// <summary>What is agreed upon, or EPROTO if the kernel is too old.</summary>
    /// <remarks>A kernel of a later major version is told ours and asks again.</remarks>
    public static FuseResult<InitOut> Agree(in InitIn offer, FuseOptions options, out Agreement agreement)
    {
        agreement = new Agreement(offer.Major, offer.Minor, InitFlags.None);
        if (offer.Major < Major || (offer.Major == Major && offer.Minor < MinorMin))
        {
            return Errno.Protocol;
        }

        if (offer.Major > Major)
        {
            return new InitOut { Major = Major, Minor = MinorMax };
        }

        var offered = (InitFlags)(offer.Flags | ((ulong)offer.Flags2 << FlagsHalfBits));
        InitFlags flags = offered & Wanted(options);
        agreement = agreement with { Flags = flags };
        return new InitOut
        {
            Major = Major,
            Minor = Math.Min(offer.Minor, MinorMax),
            ReadAheadMax = Math.Min(offer.ReadAheadMax, (uint)options.ReadAheadBytesMax),
            Flags = (uint)((ulong)flags & uint.MaxValue),
            Flags2 = (uint)((ulong)flags >> FlagsHalfBits),
            BackgroundMax = (ushort)options.BackgroundMax,
            CongestionThreshold = (ushort)Math.Max(1, options.BackgroundMax * 3 / 4),
            WriteMax = (uint)options.TransferBytesMax,
            TimeGranularity = 1,
            PagesMax = (ushort)(options.TransferBytesMax / PageBytes),
        };
    }

    private static InitFlags Wanted(FuseOptions options) =>
        Always
        | When(options.PosixLocks, InitFlags.PosixLocks)
        | When(options.FlockLocks, InitFlags.FlockLocks)
        | When(options.Findable, InitFlags.ExportSupport)
        | When(options.CacheSymbolicLinks, InitFlags.CacheSymbolicLinks)
        | When(options.WithoutOpen, InitFlags.NoOpenSupport)
        | When(options.WithoutOpenDirectory, InitFlags.NoOpenDirectorySupport)
        | When(options.AsyncDirectIo, InitFlags.AsyncDirectIo)
        | When(options.WritebackCache, InitFlags.WritebackCache)
        | (options.ExplicitInvalidation ? InitFlags.ExplicitInvalidateData : InitFlags.AutoInvalidateData);

    private static InitFlags When(bool condition, InitFlags flag) => condition ? flag : InitFlags.None;
}
