using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;
using SigmaComms.Fuse.Session;
using SigmaComms.Fuse.Tests.Session;

namespace SigmaComms.Fuse.Tests.Protocol;

/// <summary>What INIT leads to.</summary>
public sealed class NegotiationTests
{
    [Fact]
    public void A_kernel_before_7_31_is_refused()
    {
        FuseResult<InitOut> minor = Agree(7, 30, new FuseOptions(), out _);
        FuseResult<InitOut> major = Agree(6, 99, new FuseOptions(), out _);

        Assert.Equal(Errno.Protocol, minor.Error);
        Assert.Equal(Errno.Protocol, major.Error);
    }

    [Fact]
    public void A_kernel_of_a_later_major_version_is_told_ours()
    {
        FuseResult<InitOut> answer = Agree(8, 0, new FuseOptions(), out Agreement agreement);

        Assert.Equal(Errno.None, answer.Error);
        Assert.Equal((7u, 40u), (answer.Value.Major, answer.Value.Minor));
        Assert.Equal(InitFlags.None, agreement.Flags);
    }

    [Theory]
    [InlineData(31, 31)]
    [InlineData(40, 40)]
    [InlineData(44, 40)]
    public void The_lower_minor_version_is_agreed_upon(uint offered, uint agreed)
    {
        FuseResult<InitOut> answer = Agree(7, offered, new FuseOptions(), out _);

        Assert.Equal(agreed, answer.Value.Minor);
        Assert.Equal(1u << 20, answer.Value.WriteMax);
        Assert.Equal(256, answer.Value.PagesMax);
        Assert.Equal(1u, answer.Value.TimeGranularity);
        Assert.Equal((64, 48), (answer.Value.BackgroundMax, answer.Value.CongestionThreshold));
    }

    [Fact]
    public void Only_what_the_kernel_offers_and_the_options_ask_for_is_agreed_upon()
    {
        var options = new FuseOptions { PosixLocks = true, FlockLocks = true, Findable = true, WritebackCache = true };
        const InitFlags offered = InitFlags.PosixLocks | InitFlags.AsyncRead | InitFlags.NoOpenSupport;

        var some = new InitIn { Major = 7, Minor = 40, Flags = (uint)offered };
        Negotiation.Agree(some, options, out Agreement little);
        Agree(7, 40, new FuseOptions(), out Agreement plain);
        Agree(7, 40, options, out Agreement much);

        Assert.Equal(InitFlags.PosixLocks | InitFlags.AsyncRead, little.Flags);
        const InitFlags asked =
            InitFlags.PosixLocks | InitFlags.FlockLocks | InitFlags.ExportSupport | InitFlags.WritebackCache;
        Assert.Equal(InitFlags.None, plain.Flags & asked);
        Assert.Equal(asked, much.Flags & asked);

        // POSIX ACLs, DAX and the like, which nobody here serves.
        Assert.Equal(InitFlags.None, much.Flags & ~(InitFlags)Enum.GetValues<InitFlags>().Aggregate(0UL, Or));
        Assert.False(much.Flags.HasFlag((InitFlags)(1UL << 20)));

        static ulong Or(ulong all, InitFlags flag) => all | (ulong)flag;
    }

    [Fact]
    public void The_short_offer_of_old_kernels_is_read_and_a_shorter_one_refused()
    {
        byte[] body = Request.Init(minor: 31)[40..];

        bool read = Negotiation.TryRead(body, out InitIn offer);
        bool tooShort = Negotiation.TryRead(body.AsSpan(0, 15), out _);
        bool empty = Negotiation.TryRead(default, out _);

        Assert.True(read);
        Assert.Equal((7u, 31u, 0u), (offer.Major, offer.Minor, offer.Flags2));
        Assert.False(tooShort);
        Assert.False(empty);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        FuseOptions[] wrong =
        [
            new() { TransferBytesMax = 5000 }, new() { TransferBytesMax = 2 << 20 }, new() { Readers = 0 },
            new() { BackgroundMax = 65536 }, new() { Source = "a,b" }, new() { Subtype = "a b" },
            new() { InFlightBytesMax = 1 }, new() { UnmountWait = TimeSpan.FromSeconds(-1) },
        ];

        Assert.All(wrong, options => Assert.Throws<ArgumentException>(options.Validate));
        new FuseOptions().Validate();
    }

    private static FuseResult<InitOut> Agree(uint major, uint minor, FuseOptions options, out Agreement agreement)
    {
        byte[] init = Request.Init(minor, major);
        Assert.True(Negotiation.TryRead(init.AsSpan(Marshal.SizeOf<RequestHeader>()), out InitIn offer));
        return Negotiation.Agree(offer, options, out agreement);
    }
}
