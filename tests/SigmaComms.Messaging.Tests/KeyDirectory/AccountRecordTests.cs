using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Tests.Sessions;

namespace SigmaComms.Messaging.Tests.KeyDirectory;

public sealed class AccountRecordTests
{
    private readonly SeededRandom _random = new(11);

    [Fact]
    public void A_record_decodes_to_what_was_signed()
    {
        using MlDsa65SigningKey key = NewKey();
        AccountRecord record = AccountRecord.Create("alpha", key, 7, [NewEntry(), NewEntry(), NewEntry()], _random);

        Assert.True(AccountRecord.TryDecode(record.Encoded.Span, out AccountRecord? decoded));

        Assert.Equal(record, decoded);
        Assert.Equal("alpha", decoded.Name);
        Assert.Equal(key.Id, decoded.AccountId);
        Assert.Equal(7u, decoded.Version);
        Assert.Equal(record.Devices, decoded.Devices);
        Assert.Equal(record.Devices.Select(d => d.DeviceId).Order(), decoded.Devices.Select(d => d.DeviceId));
    }

    [Fact]
    public void A_record_takes_16_devices_and_not_17()
    {
        using MlDsa65SigningKey key = NewKey();
        DeviceEntry[] devices = [.. Enumerable.Range(0, 17).Select(_ => NewEntry())];
        string longest = new('x', AccountName.MaxLength);

        AccountRecord record = AccountRecord.Create(longest, key, 1, devices[..16], _random);

        Assert.Equal(AccountRecord.EncodedMaxBytes, record.Encoded.Length);
        Assert.True(AccountRecord.TryDecode(record.Encoded.Span, out _));
        Assert.Throws<ArgumentException>(() => AccountRecord.Create("alpha", key, 1, devices, _random));
        Assert.Throws<ArgumentException>(
            () => AccountRecord.Create("alpha", key, 1, [devices[0], devices[0]], _random));
        Assert.Throws<ArgumentException>(() => AccountRecord.Create("No", key, 1, [], _random));
        Assert.Throws<ArgumentOutOfRangeException>(() => AccountRecord.Create("alpha", key, 0, [], _random));
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_is_refused()
    {
        using MlDsa65SigningKey key = NewKey();
        byte[] encoded = AccountRecord.Create("alpha", key, 1, [NewEntry()], _random).Encoded.ToArray();

        for (int i = 0; i < encoded.Length; i++)
        {
            byte flip = (byte)(1 << (i % 8));
            encoded[i] ^= flip;
            Assert.False(AccountRecord.TryDecode(encoded, out _), $"byte {i}");
            encoded[i] ^= flip;
        }

        Assert.True(AccountRecord.TryDecode(encoded, out _));
    }

    [Fact]
    public void Every_truncation_and_a_trailing_byte_are_refused()
    {
        using MlDsa65SigningKey key = NewKey();
        byte[] encoded = AccountRecord.Create("alpha", key, 1, [NewEntry()], _random).Encoded.ToArray();

        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.False(AccountRecord.TryDecode(encoded.AsSpan(0, length), out _), $"length {length}");
        }

        Assert.False(AccountRecord.TryDecode([.. encoded, 0], out _));
    }

    [Fact]
    public void Only_a_newer_version_of_the_same_account_and_name_replaces_a_record()
    {
        using MlDsa65SigningKey key = NewKey();
        using MlDsa65SigningKey otherKey = NewKey();
        AccountRecord first = AccountRecord.Create("alpha", key, 1, [], _random);
        AccountRecord second = AccountRecord.Create("alpha", key, 2, [], _random);
        AccountRecord otherName = AccountRecord.Create("beta", key, 2, [], _random);
        AccountRecord otherAccount = AccountRecord.Create("alpha", otherKey, 2, [], _random);

        Assert.True(second.Replaces(first));
        Assert.False(first.Replaces(second));
        Assert.False(first.Replaces(first));
        Assert.False(otherName.Replaces(first));
        Assert.False(otherAccount.Replaces(first));
    }

    [Fact]
    public void Random_bytes_never_decode_and_never_throw()
    {
        ulong seed = SeededRandom.SeedFromEnvironment();
        var random = new SeededRandom(seed);

        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = random.Bytes(random.Below(9_000));

            Assert.False(AccountRecord.TryDecode(bytes, out _), $"SIGMA_TEST_SEED={seed}");
            Assert.False(
                PrekeyBundle.TryDecode(bytes, out PrekeyBundle? bundle)
                && bundle.Verify(new byte[MlDsa65.PublicKeySize], DateTimeOffset.UnixEpoch),
                $"SIGMA_TEST_SEED={seed}");
        }
    }

    private MlDsa65SigningKey NewKey() => new(_random.Bytes(MlDsa65.SeedSize));

    private DeviceEntry NewEntry()
    {
        using MlDsa65SigningKey key = NewKey();
        return new DeviceEntry(key.PublicKey.Span, _random.Bytes(32));
    }
}
