using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Tests.Sessions;

namespace SigmaComms.Messaging.Tests.KeyDirectory;

public sealed class PrekeyBundleTests : IDisposable
{
    private static readonly DateTimeOffset Now = TestDevice.Start;

    private readonly TestDevice _device = new("alpha", new SeededRandom(21));

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_bundle_decodes_to_what_was_signed_and_verifies()
    {
        PrekeyBundle bundle = _device.OneTimeBundle(Now);

        Assert.True(PrekeyBundle.TryDecode(bundle.Encoded.Span, out PrekeyBundle? decoded));

        Assert.Equal(bundle, decoded);
        Assert.True(decoded.Verify(_device.Entry.SigPublicKey.Span, Now));
        Assert.Equal(_device.Local.DeviceId, decoded.DeviceId);
        Assert.Equal(bundle.OneTimePrekeyId, decoded.OneTimePrekeyId);
        Assert.Equal(bundle.OneTimePrekey.ToArray(), decoded.OneTimePrekey.ToArray());
        Assert.Equal(bundle.KemPrekey.ToArray(), decoded.KemPrekey.ToArray());
        Assert.Equal(bundle.Expiry, decoded.Expiry);
        Assert.False(decoded.IsLastResort);
        Assert.Equal(PrekeyBundle.EncodedMaxBytes, decoded.Encoded.Length);
    }

    [Fact]
    public void A_bundle_is_refused_from_its_expiry_on()
    {
        PrekeyBundle bundle = _device.LastResortBundle(Now);

        Assert.True(bundle.Verify(_device.Entry.SigPublicKey.Span, bundle.Expiry - TimeSpan.FromTicks(1)));
        Assert.False(bundle.Verify(_device.Entry.SigPublicKey.Span, bundle.Expiry));
    }

    [Fact]
    public void A_bundle_does_not_verify_with_the_key_of_another_device()
    {
        using var other = new TestDevice("beta", new SeededRandom(22));

        Assert.False(_device.LastResortBundle(Now).Verify(other.Entry.SigPublicKey.Span, Now));
    }

    [Fact]
    public void A_flipped_bit_in_any_signed_byte_or_the_signature_is_refused()
    {
        PrekeyBundle bundle = _device.LastResortBundle(Now);
        byte[] encoded = bundle.Encoded.ToArray();

        for (int i = 0; i < encoded.Length; i++)
        {
            byte flip = (byte)(1 << (i % 8));
            encoded[i] ^= flip;
            bool accepted = PrekeyBundle.TryDecode(encoded, out PrekeyBundle? decoded)
                && decoded.Verify(_device.Entry.SigPublicKey.Span, Now);
            Assert.False(accepted, $"byte {i}");
            encoded[i] ^= flip;
        }
    }

    [Fact]
    public void Every_truncation_and_a_trailing_byte_are_refused()
    {
        byte[] encoded = _device.OneTimeBundle(Now).Encoded.ToArray();

        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.False(PrekeyBundle.TryDecode(encoded.AsSpan(0, length), out _), $"length {length}");
        }

        Assert.False(PrekeyBundle.TryDecode([.. encoded, 0], out _));
    }

    [Fact]
    public void Without_its_one_time_prekey_a_bundle_still_verifies()
    {
        PrekeyBundle bundle = _device.OneTimeBundle(Now).WithoutOneTimePrekey();

        Assert.True(PrekeyBundle.TryDecode(bundle.Encoded.Span, out PrekeyBundle? decoded));

        Assert.Null(decoded.OneTimePrekeyId);
        Assert.True(decoded.OneTimePrekey.IsEmpty);
        Assert.True(decoded.Verify(_device.Entry.SigPublicKey.Span, Now));
    }

    [Fact]
    public void A_last_resort_bundle_joined_to_a_one_time_prekey_is_refused()
    {
        byte[] lastResort = _device.LastResortBundle(Now).Encoded.ToArray();
        byte[] oneTime = _device.OneTimeBundle(Now).Encoded.ToArray();

        Assert.False(PrekeyBundle.TryDecode([.. lastResort[..^1], .. oneTime[(lastResort.Length - 1)..]], out _));
    }

    [Fact]
    public void Signing_a_last_resort_bundle_with_a_one_time_prekey_is_a_bug_of_the_caller()
    {
        var keys = new PrekeyBundleKeys
        {
            DeviceId = _device.Local.DeviceId,
            IdentityKey = new byte[32],
            SignedPrekeyId = 1,
            SignedPrekey = new byte[32],
            KemPrekeyId = 2,
            KemPrekey = new byte[1568],
            IsLastResort = true,
            Expiry = Now,
            OneTimePrekeyId = 3,
            OneTimePrekey = new byte[32],
        };

        Assert.Throws<ArgumentException>(() => PrekeyBundle.Create(_device.Local.SigningKey, keys, _device.Random));
        PrekeyBundle.Create(_device.Local.SigningKey, keys with { IsLastResort = false }, _device.Random);
    }
}
