using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Messaging.Sessions.Handshake;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class SessionStateTests
{
    [Fact]
    public void Header_sizes_are_the_ones_of_the_format_table()
    {
        (TestParty a, TestParty b) = TestParty.Pair(601);
        byte[] first = a.Seal("1 KB".PadRight(1024), b.Device.OneTimeBundle(a.Now));
        b.MustOpen(first, "1 KB".PadRight(1024));
        b.Sessions.RequestStep();
        byte[] step = b.Seal("");
        a.MustOpen(step, "");
        byte[] plain = b.Copy().Seal("");
        b.MustOpen(a.Seal(""), "");
        b.MustOpen(a.Seal(""), "");

        Assert.Equal(69, RatchetHeader.SizeBytes);
        Assert.Equal(2272, RatchetHeader.KemPartSize);
        Assert.Equal(4986, InitialHeader.SizeBytesMin);
        Assert.Equal(InitialHeader.SizeBytesMax + 69 + 1184 + 1280 + 16, first.Length);
        Assert.Equal(69 + 2272 + 256 + 16, step.Length);
        Assert.Equal(69 + 2272 + 256 + 16, plain.Length);
    }

    [Fact]
    public void Once_an_epoch_is_acknowledged_messages_are_small_again()
    {
        (TestParty a, TestParty b) = TestParty.Established(602);
        b.Sessions.RequestStep();
        b.MustOpen(a.Seal("turn"), "turn");
        a.MustOpen(b.Seal("step"), "step");
        b.MustOpen(a.Seal("seen"), "seen");

        Assert.Equal(69 + 256 + 16, b.Seal("small").Length);
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(255, 256)]
    [InlineData(256, 512)]
    [InlineData(1024, 1280)]
    [InlineData(2047, 2048)]
    [InlineData(2048, 3072)]
    [InlineData(16383, 16384)]
    [InlineData(16384, 20480)]
    [InlineData(61440, 65536)]
    public void Plaintexts_are_padded_to_buckets(int plaintextBytes, int bucketBytes)
    {
        byte[] plaintext = new SeededRandom(1).Bytes(plaintextBytes);
        byte[] bucket = new byte[MessagePadding.BucketFor(plaintextBytes)];

        MessagePadding.Pad(plaintext, bucket);

        Assert.Equal(bucketBytes, bucket.Length);
        Assert.True(MessagePadding.IsBucket(bucketBytes));
        Assert.False(MessagePadding.IsBucket(bucketBytes + 1));
        Assert.Equal(plaintextBytes, MessagePadding.PlaintextLength(bucket));
    }

    [Fact]
    public void Padding_that_is_not_the_canonical_one_is_refused()
    {
        byte[] zeros = new byte[256];
        byte[] wrongMarker = [.. new byte[255], 0x40];
        byte[] tooLargeBucket = new byte[512];
        tooLargeBucket[3] = 0x80;

        Assert.Equal(-1, MessagePadding.PlaintextLength(zeros));
        Assert.Equal(-1, MessagePadding.PlaintextLength(wrongMarker));
        Assert.Equal(-1, MessagePadding.PlaintextLength(tooLargeBucket));
    }

    [Fact]
    public void Exported_state_imports_to_the_same_bytes_in_every_phase()
    {
        (TestParty a, TestParty b) = TestParty.Pair(603);
        AssertRoundTrip(a);
        byte[] first = a.Seal("1", b.Device.OneTimeBundle(a.Now));
        AssertRoundTrip(a);
        b.MustOpen(first, "1");
        AssertRoundTrip(b);
        a.Seal("skipped");
        b.MustOpen(a.Seal("2"), "2");
        AssertRoundTrip(b);
        b.Sessions.Reset();
        AssertRoundTrip(b);
        b.Sessions.Observe(Changed(a.Device));
        AssertRoundTrip(b);
        Assert.Equal(SessionPhase.IdentityChanged, b.Copy().Sessions.Phase);
    }

    [Fact]
    public void A_corrupted_or_cut_state_is_refused_whatever_byte_it_is_and_never_throws()
    {
        (TestParty a, TestParty b) = TestParty.Established(604);
        a.Seal("skipped");
        b.MustOpen(a.Seal("opened"), "opened");
        byte[] state = b.Sessions.Export();

        for (int i = 0; i < state.Length; i++)
        {
            state[i] ^= 1;
            Assert.False(DeviceSessions.TryImport(state, out _));
            state[i] ^= 1;
            Assert.False(DeviceSessions.TryImport(state.AsSpan(0, i), out _));
        }

        Assert.False(DeviceSessions.TryImport([.. state, 0], out _));
    }

    // The hash at the end is not what keeps the reader from throwing: here it fits, and the rest is damaged.
    [Fact]
    public void A_damaged_state_with_a_fitting_hash_never_throws()
    {
        ulong seed = SeededRandom.SeedFromEnvironment();
        var random = new SeededRandom(seed);
        (TestParty a, TestParty b) = TestParty.Established(605);
        a.Seal("skipped");
        b.MustOpen(a.Seal("opened"), "opened");
        byte[] body = b.Sessions.Export()[..^32];

        for (int i = 0; i < 3_000; i++)
        {
            byte[] damaged = body[..(random.Below(3) == 0 ? random.Below(body.Length) : body.Length)];
            for (int flips = random.Below(4); flips >= 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Below(damaged.Length)] ^= (byte)(1 << random.Below(8));
            }

            byte[] state = [.. damaged, .. System.Security.Cryptography.SHA256.HashData(damaged)];
            if (DeviceSessions.TryImport(state, out DeviceSessions? sessions))
            {
                Assert.True(state.AsSpan().SequenceEqual(sessions.Export()), $"SIGMA_TEST_SEED={seed}");
            }
        }
    }

    [Fact]
    public void A_changed_identity_blocks_both_ways_until_it_is_accepted()
    {
        (TestParty a, TestParty b) = TestParty.Established(606);
        byte[] message = a.Seal("hello");
        RemoteDevice changed = Changed(a.Device);

        DecryptResult blocked = b.Sessions.Decrypt(
            message, b.Device.Local, b.Device.Ring, changed, b.Now, b.Device.Random);

        Assert.Equal(DecryptStatus.IdentityChanged, blocked.Status);
        Assert.Equal(SessionPhase.IdentityChanged, b.Sessions.Phase);
        Assert.Equal(changed.IdentityKey.ToArray(), b.Sessions.ChangedTo!.IdentityKey.ToArray());
        Assert.Equal(
            EncryptStatus.IdentityChanged,
            b.Sessions.Encrypt("x"u8, b.Device.Local, null, b.Now, b.Device.Random).Status);
        b.MustRefuse(message, DecryptStatus.IdentityChanged);
        Assert.True(b.Sessions.AcceptIdentity(changed));
        Assert.Equal(SessionPhase.None, b.Sessions.Phase);
        Assert.True(b.Sessions.Remote.IsSameIdentity(changed));
        Assert.Equal(0, b.Sessions.ArchivedCount);
    }

    [Fact]
    public void A_newer_record_with_the_same_keys_is_taken_without_asking()
    {
        (TestParty a, TestParty b) = TestParty.Established(607);
        AccountRecord newer = AccountRecord.Create("beta", b.Device.AccountKey, 2, [b.Device.Entry], b.Device.Random);

        Assert.True(a.Sessions.Observe(RemoteDevice.From(newer, b.Device.Local.DeviceId)!));

        Assert.Equal(2u, a.Sessions.Remote.DeviceListVersion);
        Assert.Equal(SessionPhase.Established, a.Sessions.Phase);
        a.MustOpen(b.Seal("as before"), "as before");
    }

    [Fact]
    public void A_record_as_new_with_the_accepted_keys_ends_a_change_and_keeps_the_sessions()
    {
        (TestParty a, TestParty b) = TestParty.Established(610);
        byte[] message = a.Seal("as before");
        Assert.False(b.Sessions.Observe(Changed(a.Device)));

        Assert.True(b.Sessions.Observe(AtVersion(a.Device, 2)));

        Assert.Equal(SessionPhase.Established, b.Sessions.Phase);
        Assert.Null(b.Sessions.ChangedTo);
        Assert.False(b.Sessions.AcceptIdentity(Changed(a.Device)));
        b.MustOpen(message, "as before");
    }

    [Fact]
    public void A_record_older_than_one_seen_neither_blocks_nor_unblocks()
    {
        (TestParty a, TestParty b) = TestParty.Established(611);
        Assert.True(b.Sessions.Observe(AtVersion(a.Device, 3)));
        Assert.True(b.Sessions.Observe(Changed(a.Device)));
        byte[] message = a.Seal("hello");

        DecryptResult opened = b.Sessions.Decrypt(
            message, b.Device.Local, b.Device.Ring, Changed(a.Device), b.Now, b.Device.Random);

        Assert.Equal(DecryptStatus.Ok, opened.Status);
        Assert.Equal(3u, b.Sessions.Remote.DeviceListVersion);
        Assert.False(b.Sessions.Observe(Changed(a.Device, version: 4)));
        Assert.False(b.Sessions.Observe(AtVersion(a.Device, 3)));
        Assert.Equal(SessionPhase.IdentityChanged, b.Sessions.Phase);
    }

    [Fact]
    public void Only_the_identity_that_the_user_saw_can_be_accepted()
    {
        (TestParty a, TestParty b) = TestParty.Established(612);
        b.Sessions.Observe(Changed(a.Device));
        RemoteDevice seen = b.Sessions.ChangedTo!;
        RemoteDevice later = new(
            a.Device.Local.AccountId, 3, a.Device.Entry.SigPublicKey.Span, new SeededRandom(2).Bytes(32));
        b.Sessions.Observe(later);
        byte[] before = b.Sessions.Export();

        Assert.False(b.Sessions.AcceptIdentity(seen));

        Assert.Equal(before, b.Sessions.Export());
        Assert.True(b.Sessions.AcceptIdentity(later));
        Assert.True(b.Sessions.Remote.IsSameIdentity(later));
    }

    [Fact]
    public void The_device_of_another_account_is_a_bug_of_the_caller_and_changes_nothing()
    {
        (TestParty a, TestParty b) = TestParty.Established(613);
        RemoteDevice stolen = new(
            b.Device.Local.AccountId, 9, a.Device.Entry.SigPublicKey.Span, a.Device.Entry.IdentityKey.Span);
        byte[] message = a.Seal("hello");
        byte[] before = b.Sessions.Export();

        Assert.Throws<ArgumentException>(() => b.Sessions.Observe(stolen));
        Assert.Throws<ArgumentException>(() => b.Sessions.AcceptIdentity(stolen));
        Assert.Throws<ArgumentException>(() => b.Sessions.Decrypt(
            message, b.Device.Local, b.Device.Ring, stolen, b.Now, b.Device.Random));

        Assert.Equal(before, b.Sessions.Export());
    }

    [Fact]
    public void A_message_that_fails_raises_no_record_version_and_ends_no_change()
    {
        (TestParty a, TestParty b) = TestParty.Established(614);
        byte[] message = a.Seal("hello");
        byte[] forged = [.. message[..^1], (byte)(message[^1] ^ 1)];
        byte[] before = b.Sessions.Export();

        DecryptResult refused = b.Sessions.Decrypt(
            forged, b.Device.Local, b.Device.Ring, AtVersion(a.Device, 5), b.Now, b.Device.Random);

        Assert.Equal(DecryptStatus.NotAuthentic, refused.Status);
        Assert.Equal(before, b.Sessions.Export());
        b.Sessions.Observe(Changed(a.Device));
        b.Sessions.Decrypt(forged, b.Device.Local, b.Device.Ring, AtVersion(a.Device, 5), b.Now, b.Device.Random);
        Assert.Equal(SessionPhase.IdentityChanged, b.Sessions.Phase);
        b.Sessions.Decrypt(message, b.Device.Local, b.Device.Ring, AtVersion(a.Device, 5), b.Now, b.Device.Random);
        Assert.Equal(SessionPhase.Established, b.Sessions.Phase);
        Assert.Equal(5u, b.Sessions.Remote.DeviceListVersion);
    }

    [Fact]
    public void Disposing_zeroes_the_secrets()
    {
        (TestParty a, TestParty b) = TestParty.Established(608);
        a.Seal("skipped");
        b.MustOpen(a.Seal("opened"), "opened");
        RatchetSession session = b.Sessions.Current!;
        ReadOnlySpan<byte> secrets = session.SecretMemory;
        ReadOnlySpan<byte> skipped = session.SkippedMemory;
        Assert.True(secrets.ContainsAnyExcept((byte)0) && skipped.ContainsAnyExcept((byte)0));

        b.Sessions.Dispose();

        Assert.False(secrets.ContainsAnyExcept((byte)0));
        Assert.False(skipped.ContainsAnyExcept((byte)0));
        Assert.Equal(SessionPhase.None, b.Sessions.Phase);
        Assert.Throws<ObjectDisposedException>(() => session.Write(new Cryptography.Encoding.WireWriter()));
    }

    [Fact]
    public void Using_the_sessions_of_another_device_is_a_bug_of_the_caller()
    {
        (TestParty a, TestParty b) = TestParty.Established(609);

        Assert.Throws<ArgumentException>(
            () => a.Sessions.Encrypt(default, b.Device.Local, null, a.Now, a.Device.Random));
        Assert.Throws<ArgumentException>(() => a.Sessions.Observe(a.Device.Remote));
    }

    private static RemoteDevice AtVersion(TestDevice device, uint version) => new(
        device.Local.AccountId, version, device.Entry.SigPublicKey.Span, device.Entry.IdentityKey.Span);

    private static RemoteDevice Changed(TestDevice device, uint version = 2) => new(
        device.Local.AccountId, version, device.Entry.SigPublicKey.Span, new SeededRandom(1).Bytes(32));

    private static void AssertRoundTrip(TestParty party)
    {
        byte[] state = party.Sessions.Export();

        Assert.True(DeviceSessions.TryImport(state, out DeviceSessions? imported));
        Assert.Equal(state, imported.Export());
        Assert.Equal(party.Sessions.Phase, imported.Phase);
        Assert.Equal(party.Sessions.ArchivedCount, imported.ArchivedCount);
    }
}
