using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class BundleRefusalTests
{
    [Fact]
    public void Without_a_session_a_bundle_is_asked_for_and_nothing_changes()
    {
        (TestParty a, _) = TestParty.Pair(201);

        AssertRefused(a, null, EncryptStatus.NeedsBundle);
    }

    [Fact]
    public void An_expired_bundle_is_rejected()
    {
        (TestParty a, TestParty b) = TestParty.Pair(202);
        PrekeyBundle bundle = b.Device.OneTimeBundle(a.Now);
        a.Now = bundle.Expiry;

        AssertRefused(a, bundle, EncryptStatus.BundleRejected);
    }

    [Fact]
    public void The_bundle_of_another_device_is_rejected()
    {
        (TestParty a, _) = TestParty.Pair(203);
        using var other = new TestDevice("gamma", new SeededRandom(777));

        AssertRefused(a, other.OneTimeBundle(a.Now), EncryptStatus.BundleRejected);
    }

    [Fact]
    public void A_bundle_with_a_wrong_signature_is_rejected()
    {
        (TestParty a, TestParty b) = TestParty.Pair(204);
        byte[] encoded = b.Device.OneTimeBundle(a.Now).Encoded.ToArray();
        encoded[^100] ^= 1;
        Assert.True(PrekeyBundle.TryDecode(encoded, out PrekeyBundle? bundle));

        AssertRefused(a, bundle, EncryptStatus.BundleRejected);
    }

    [Fact]
    public void A_bundle_with_a_low_order_one_time_prekey_is_rejected()
    {
        (TestParty a, TestParty b) = TestParty.Pair(205);
        byte[] encoded = b.Device.OneTimeBundle(a.Now).Encoded.ToArray();
        encoded.AsSpan(encoded.Length - 32).Clear();
        Assert.True(PrekeyBundle.TryDecode(encoded, out PrekeyBundle? bundle));

        AssertRefused(a, bundle, EncryptStatus.BundleRejected);
    }

    [Fact]
    public void A_bundle_that_the_device_signed_over_an_invalid_kem_key_is_rejected()
    {
        (TestParty a, TestParty b) = TestParty.Pair(206);
        PrekeyBundle good = b.Device.LastResortBundle(a.Now);
        byte[] notReduced = good.KemPrekey.ToArray();
        notReduced.AsSpan(0, 2).Fill(0xFF);
        PrekeyBundle bad = Signed(b, good, b.Device.Local.IdentityPublicKey, notReduced);

        AssertRefused(a, bad, EncryptStatus.BundleRejected);
    }

    [Fact]
    public void A_bundle_with_another_identity_key_than_the_account_lists_is_rejected()
    {
        (TestParty a, TestParty b) = TestParty.Pair(207);
        PrekeyBundle good = b.Device.LastResortBundle(a.Now);
        PrekeyBundle bad = Signed(b, good, a.Device.Local.IdentityPublicKey, good.KemPrekey);

        AssertRefused(a, bad, EncryptStatus.BundleRejected);
    }

    private static PrekeyBundle Signed(
        TestParty owner, PrekeyBundle like, ReadOnlyMemory<byte> identityKey, ReadOnlyMemory<byte> kemPrekey)
    {
        var keys = new PrekeyBundleKeys
        {
            DeviceId = like.DeviceId,
            IdentityKey = identityKey,
            SignedPrekeyId = like.SignedPrekeyId,
            SignedPrekey = like.SignedPrekey,
            KemPrekeyId = like.KemPrekeyId,
            KemPrekey = kemPrekey,
            IsLastResort = like.IsLastResort,
            Expiry = like.Expiry,
        };
        return PrekeyBundle.Create(owner.Device.Local.SigningKey, keys, owner.Device.Random);
    }

    private static void AssertRefused(TestParty party, PrekeyBundle? bundle, EncryptStatus status)
    {
        byte[] before = party.Sessions.Export();

        EncryptResult result =
            party.Sessions.Encrypt("hi"u8, party.Device.Local, bundle, party.Now, party.Device.Random);

        Assert.Equal(status, result.Status);
        Assert.Empty(result.Message);
        Assert.Equal(before, party.Sessions.Export());
    }
}
