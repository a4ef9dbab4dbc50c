using System.Buffers.Binary;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Messaging.Sessions.Handshake;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>Forged counters: what they may cost before the tag fails.</summary>
public sealed class FarJumpTests
{
    // version 1, kind 1, suite 2, session 16, DH 32, PN 4 come before N; pq epoch 4 between N and pq n.
    private const int NumberOffset = 56;
    private const int PqNumberOffset = 64;

    [Fact]
    public void After_a_failed_far_jump_the_next_is_too_far_until_a_message_opens()
    {
        (TestParty a, TestParty b) = TestParty.Established(901);
        byte[] message = a.Seal("hello");
        byte[] forged = Forge(message, 0, SessionLimits.NearJumpMax + 1);

        b.MustRefuse(forged, DecryptStatus.NotAuthentic);
        b.MustRefuse(forged, DecryptStatus.TooFarAhead);
        b.MustRefuse(Forge(message, 0, SessionLimits.NearJumpMax), DecryptStatus.NotAuthentic);
        b.MustOpen(message, "hello");

        b.MustRefuse(forged, DecryptStatus.NotAuthentic);
    }

    [Fact]
    public void After_a_failed_far_jump_an_honest_one_opens_when_the_pause_is_over()
    {
        (TestParty a, TestParty b) = TestParty.Established(902);
        b.MustRefuse(Forge(a.Seal("lost"), 0, SessionLimits.JumpMax), DecryptStatus.NotAuthentic);
        byte[] far = [];
        for (int i = 0; i <= SessionLimits.NearJumpMax; i++)
        {
            far = a.Seal("far");
        }

        b.Now += SessionLimits.FarJumpPause - TimeSpan.FromMilliseconds(1);
        b.MustRefuse(far, DecryptStatus.TooFarAhead);
        b.Now += TimeSpan.FromMilliseconds(1);

        b.MustOpen(far, "far");
    }

    [Fact]
    public void Forged_first_messages_have_the_same_budget()
    {
        (TestParty a, TestParty b) = TestParty.Pair(903);
        PrekeyBundle bundle = b.Device.OneTimeBundle(a.Now);
        byte[] first = a.Seal("hello", bundle);
        byte[] forged = Forge(first, InitialHeader.SizeBytesMax, SessionLimits.JumpMax);

        b.MustRefuse(forged, DecryptStatus.NotAuthentic);

        b.MustRefuse(forged, DecryptStatus.TooFarAhead);
        b.MustOpen(first, "hello");
    }

    [Fact]
    public void A_header_beyond_every_limit_costs_nothing_and_starts_no_pause()
    {
        (TestParty a, TestParty b) = TestParty.Established(904);
        byte[] message = a.Seal("hello");

        b.MustRefuse(Forge(message, 0, SessionLimits.JumpMax + 1), DecryptStatus.TooFarAhead);

        b.MustRefuse(Forge(message, 0, SessionLimits.JumpMax), DecryptStatus.NotAuthentic);
    }

    // The room for the secrets of 2,000 skipped messages is 64,000 bytes; here there must be none.
    [Fact]
    public void A_forged_jump_makes_no_keys_of_the_messages_it_skips()
    {
        (TestParty a, TestParty b) = TestParty.Established(905);
        byte[] message = a.Seal("hello");
        byte[] forged = Forge(message, 0, SessionLimits.NearJumpMax);
        b.MustRefuse(forged, DecryptStatus.NotAuthentic);

        long before = GC.GetAllocatedBytesForCurrentThread();
        DecryptResult result = b.Open(forged);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(DecryptStatus.NotAuthentic, result.Status);
        Assert.True(allocated < 16_000, $"{allocated} bytes");
    }

    private static byte[] Forge(byte[] message, int headerOffset, int number)
    {
        byte[] forged = [.. message];
        Span<byte> header = forged.AsSpan(headerOffset);
        uint pqBase = BinaryPrimitives.ReadUInt32BigEndian(header[PqNumberOffset..])
            - BinaryPrimitives.ReadUInt32BigEndian(header[NumberOffset..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[NumberOffset..], (uint)number);
        BinaryPrimitives.WriteUInt32BigEndian(header[PqNumberOffset..], pqBase + (uint)number);
        return forged;
    }
}
