using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Messaging.Sessions.Handshake;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class HostileMessageTests
{
    // The sealed signature is half of the message; here every byte of it is flipped once, and all its bits below.
    [Fact]
    public void Every_single_bit_flip_of_a_first_message_is_refused_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Pair(101);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        byte[] before = b.Sessions.Export();
        int boxStart = InitialHeader.SizeBytesMax - InitialHeader.BoxSize;
        int[] bits = [.. Enumerable.Range(0, 8 * first.Length).Where(bit =>
            bit / 8 < boxStart || bit / 8 >= InitialHeader.SizeBytesMax || bit % 8 == bit / 8 % 8)];

        Parallel.For(0, Environment.ProcessorCount, core =>
        {
            TestParty victim = b.Copy();
            byte[] flipped = [.. first];
            foreach (int bit in bits.Where((_, index) => index % Environment.ProcessorCount == core))
            {
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(DecryptStatus.Ok, victim.Open(flipped).Status);
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.Equal(before, victim.Sessions.Export());
        });

        b.MustOpen(first, "hello");
    }

    [Fact]
    public void Every_single_bit_flip_of_the_sealed_signature_is_refused()
    {
        (TestParty a, _) = TestParty.Pair(117);
        byte[] transcriptHash = a.Device.Random.Bytes(MessageFraming.TranscriptHashSize);
        using var keys = new HandshakeKeys(a.Device.Random.Bytes(192), transcriptHash);
        byte[] box = keys.SealSignature(a.Device.Local, transcriptHash, a.Device.Random);
        Assert.True(keys.VerifySignature(box, a.Device.Remote, transcriptHash));

        for (int bit = 0; bit < 8 * box.Length; bit++)
        {
            box[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(keys.VerifySignature(box, a.Device.Remote, transcriptHash), $"bit {bit}");
            box[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Every_single_bit_flip_of_a_repeated_first_message_is_refused_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Pair(102);
        b.MustOpen(a.Seal("one", b.Device.OneTimeBundle(a.Now)), "one");

        AssertEveryFlipRefused(b, a.Seal("two"));
    }

    [Fact]
    public void Every_single_bit_flip_of_a_ratchet_message_is_refused_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Established(103);

        AssertEveryFlipRefused(b, a.Seal("next"));
    }

    [Fact]
    public void Every_single_bit_flip_of_a_message_with_a_new_epoch_is_refused_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Established(104);
        b.Sessions.RequestStep();
        b.MustOpen(a.Seal("your turn"), "your turn");
        byte[] step = b.Seal("a new epoch");

        Assert.True(step.Length > RatchetHeader.SizeBytes + RatchetHeader.KemPartSize);
        AssertEveryFlipRefused(a, step);
    }

    [Fact]
    public void Every_single_bit_flip_of_a_skipped_message_is_refused_and_its_key_is_kept()
    {
        (TestParty a, TestParty b) = TestParty.Established(105);
        byte[] late = a.Seal("late");
        b.MustOpen(a.Seal("early"), "early");

        AssertEveryFlipRefused(b, late);
        b.MustOpen(late, "late");
    }

    [Fact]
    public void A_message_cut_at_any_length_is_refused_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Pair(106);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        AssertEveryCutRefused(b, first);
        b.MustOpen(first, "hello");
        a.MustOpen(b.Seal("back"), "back");

        AssertEveryCutRefused(b, a.Seal("next"));
    }

    [Fact]
    public void A_message_with_bytes_added_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Established(107);
        byte[] message = a.Seal("next");

        b.MustRefuse([.. message, 0], DecryptStatus.Malformed);
        b.MustRefuse([.. message, .. new byte[256]], DecryptStatus.NotAuthentic);
        b.MustRefuse([.. message, .. new byte[SessionLimits.MessageMaxBytes]], DecryptStatus.Malformed);
        b.MustOpen(message, "next");
    }

    [Fact]
    public void A_replayed_first_message_is_a_duplicate_and_later_needs_its_session()
    {
        (TestParty a, TestParty b) = TestParty.Pair(108);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        b.MustOpen(first, "hello");

        b.MustRefuse(first, DecryptStatus.Duplicate);
        b.Sessions = DeviceSessions.New(b.Device.Local.DeviceId, a.Device.Remote);
        b.MustRefuse(first, DecryptStatus.PrekeyUnknown);
    }

    [Fact]
    public void A_replayed_ratchet_message_is_a_duplicate_in_its_chain_and_in_closed_ones()
    {
        (TestParty a, TestParty b) = TestParty.Established(109);
        byte[] message = a.Seal("once");
        b.MustOpen(message, "once");

        b.MustRefuse(message, DecryptStatus.Duplicate);
        a.MustOpen(b.Seal("turn"), "turn");
        b.MustOpen(a.Seal("turn"), "turn");
        b.MustRefuse(message, DecryptStatus.Duplicate);
    }

    [Fact]
    public void A_first_message_under_a_last_resort_key_is_refused_the_second_time()
    {
        (TestParty a, TestParty b) = TestParty.Pair(110);
        byte[] first = a.Seal("hello", b.Device.LastResortBundle(a.Now));

        DecryptResult opened = b.Open(first);
        Assert.NotNull(opened.RememberLastResort);
        Assert.Null(opened.ConsumedKemPrekey);
        b.Sessions = DeviceSessions.New(b.Device.Local.DeviceId, a.Device.Remote);

        b.MustRefuse(first, DecryptStatus.LastResortReplayed);
    }

    [Fact]
    public void Two_sessions_under_one_last_resort_key_both_begin()
    {
        (TestParty a, TestParty b) = TestParty.Pair(111);
        PrekeyBundle bundle = b.Device.LastResortBundle(a.Now);
        byte[] first = a.Seal("one", bundle);
        a.Sessions.Reset();
        byte[] second = a.Seal("two", bundle);

        b.MustOpen(first, "one");
        b.MustOpen(second, "two");
    }

    [Fact]
    public void A_second_session_with_a_used_one_time_prekey_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Pair(112);
        PrekeyBundle bundle = b.Device.OneTimeBundle(a.Now);
        DecryptResult opened = b.Open(a.Seal("one", bundle));
        a.Sessions.Reset();

        Assert.Equal(bundle.OneTimePrekeyId, opened.ConsumedOneTimePrekey);
        Assert.Equal(bundle.KemPrekeyId, opened.ConsumedKemPrekey);
        b.MustRefuse(a.Seal("two", bundle), DecryptStatus.PrekeyUnknown);
    }

    [Fact]
    public void A_first_message_that_joins_a_one_time_prekey_to_a_last_resort_key_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Pair(118);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));

        DecryptResult result = b.Sessions.Decrypt(
            first, b.Device.Local, new AllLastResort(b.Device.Ring), a.Device.Remote, b.Now, b.Device.Random);

        Assert.Equal(DecryptResult.Refused(DecryptStatus.PrekeyUnknown), result);
        b.MustOpen(first, "hello");
    }

    [Fact]
    public void A_ratchet_message_of_an_unknown_session_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Established(113);
        (_, TestParty stranger) = TestParty.Pair(113);
        byte[] message = a.Seal("who?");

        stranger.MustRefuse(message, DecryptStatus.UnknownSession);
        b.MustOpen(message, "who?");
    }

    [Fact]
    public void A_first_message_signed_by_another_device_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Pair(114);
        using var mallory = new TestDevice("mallory", new SeededRandom(999));
        var asMallory = new TestParty(mallory, b.Device);
        byte[] forged = asMallory.Seal("I am alpha", b.Device.OneTimeBundle(a.Now));

        b.MustRefuse(forged, DecryptStatus.NotAuthentic);
        IdentityKeyOf(a.Device).CopyTo(forged.AsSpan(InitialHeader.SizeBytesMax - IdentityKeyOffsetFromEnd));
        b.MustRefuse(forged, DecryptStatus.NotAuthentic);
    }

    [Fact]
    public void A_message_reflected_to_its_sender_is_refused()
    {
        (TestParty a, _) = TestParty.Established(115);
        byte[] message = a.Seal("to beta");

        a.MustRefuse(message, DecryptStatus.NotAuthentic);
    }

    [Fact]
    public void Random_bytes_are_refused_and_never_throw()
    {
        ulong seed = SeededRandom.SeedFromEnvironment();
        var random = new SeededRandom(seed);
        (_, TestParty b) = TestParty.Established(116);
        byte[] before = b.Sessions.Export();

        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = random.Bytes(random.Below(8_000));
            byte[] prefix = [1, (byte)(1 + random.Below(2)), 0, 1];
            prefix.AsSpan(0, Math.Min(bytes.Length, random.Below(5))).CopyTo(bytes);
            Assert.True(b.Open(bytes).Status is DecryptStatus.Malformed or DecryptStatus.UnknownSession
                or DecryptStatus.NotAuthentic, $"SIGMA_TEST_SEED={seed}");
        }

        Assert.Equal(before, b.Sessions.Export());
    }

    private const int IdentityKeyOffsetFromEnd = InitialHeader.BoxSize + 1568 + 64;

    private static ReadOnlySpan<byte> IdentityKeyOf(TestDevice device) => device.Local.IdentityPublicKey.Span;

    private static void AssertEveryFlipRefused(TestParty party, byte[] message)
    {
        byte[] before = party.Sessions.Export();
        byte[] flipped = [.. message];
        for (int bit = 0; bit < 8 * message.Length; bit++)
        {
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            DecryptResult result = party.Open(flipped);
            Assert.True(result.Status != DecryptStatus.Ok && result.Plaintext is null, $"bit {bit}");
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(before, party.Sessions.Export());
    }

    private static void AssertEveryCutRefused(TestParty party, byte[] message)
    {
        byte[] before = party.Sessions.Export();
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(DecryptStatus.Malformed, party.Open(message[..length]).Status);
        }

        Assert.Equal(before, party.Sessions.Export());
    }
}
