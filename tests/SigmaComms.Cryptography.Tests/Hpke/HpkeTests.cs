using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Hpke;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Hpke;

/// <summary>Contexts under reordering, forgery, exhaustion and malformed bytes.</summary>
public sealed class HpkeTests(ITestOutputHelper output)
{
    private static readonly HpkeSuite Suite = new(HpkeKem.XWing, HpkeKdf.Sha256, HpkeAead.ChaCha20Poly1305);

    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    [Fact]
    public void Messages_open_in_their_order_only_and_a_forged_one_does_not_count()
    {
        (HpkeSender sender, HpkeReceiver receiver) = Contexts(Suite);
        byte[] first = Seal(sender, [1]);
        byte[] second = Seal(sender, [2]);
        byte[] forged = [.. first];
        forged[0] ^= 1;
        byte[] opened = [9];

        Assert.False(receiver.TryOpen(second, default, opened));
        Assert.Equal([0], opened);
        Assert.False(receiver.TryOpen(forged, default, opened));
        Assert.False(receiver.TryOpen(first, [1], opened));
        Assert.True(receiver.TryOpen(first, default, opened));
        Assert.Equal([1], opened);
        Assert.False(receiver.TryOpen(first, default, opened));
        Assert.True(receiver.TryOpen(second, default, opened));
        Assert.Equal([2], opened);
        Assert.False(receiver.TryOpen(new byte[15], default, []));
    }

    [Fact]
    public void A_context_seals_and_opens_no_more_messages_than_its_nonces_allow()
    {
        (HpkeSender sender, HpkeReceiver receiver) = Contexts(Suite);
        sender.Sequence = ulong.MaxValue - 1;
        receiver.Sequence = ulong.MaxValue - 1;
        byte[] opened = new byte[1];

        byte[] last = Seal(sender, [7]);

        Assert.True(receiver.TryOpen(last, default, opened));
        Assert.Throws<InvalidOperationException>(() => Seal(sender, [8]));
        Assert.False(receiver.TryOpen(last, default, opened));
        Assert.Equal([0], opened);
    }

    [Fact]
    public void Another_info_or_another_suite_opens_nothing()
    {
        byte[] privateKey = _random.Bytes(32);
        byte[] publicKey = new byte[Suite.Kem.Algorithm.EncapsulationKeySize];
        byte[] encapsulated = new byte[Suite.Kem.Algorithm.CiphertextSize];
        Suite.Kem.Algorithm.DeriveEncapsulationKey(privateKey, publicKey);
        HpkeSuite other = new(HpkeKem.XWing, HpkeKdf.Sha384, HpkeAead.ChaCha20Poly1305);
        Assert.True(Suite.TrySetupSender(publicKey, "a"u8, _random, encapsulated, out HpkeSender? sender));
        byte[] message = Seal(sender, [1]);

        Assert.True(Suite.TrySetupReceiver(encapsulated, privateKey, "b"u8, out HpkeReceiver? otherInfo));
        Assert.True(other.TrySetupReceiver(encapsulated, privateKey, "a"u8, out HpkeReceiver? otherSuite));
        Assert.False(otherInfo.TryOpen(message, default, new byte[1]));
        Assert.False(otherSuite.TryOpen(message, default, new byte[1]));
    }

    [Fact]
    public void Malformed_keys_and_ciphertexts_of_a_peer_are_refused()
    {
        HpkeSuite suite = new(HpkeKem.P384, HpkeKdf.Sha384, HpkeAead.Aes256Gcm);
        byte[] encapsulated = _random.Bytes(suite.Kem.Algorithm.CiphertextSize);
        byte[] privateKey = new byte[suite.Kem.Algorithm.PrivateKeySize];
        suite.Kem.Algorithm.GeneratePrivateKey(_random, privateKey);

        foreach (int size in (int[])[0, 1, 96, 97, 98])
        {
            byte[] bad = _random.Bytes(size);
            Assert.False(suite.TrySetupSender(bad, default, _random, encapsulated, out _));
            Assert.Equal(new byte[97], encapsulated);
            Assert.False(suite.TrySetupReceiver(bad, privateKey, default, out _));
        }
    }

    [Fact]
    public void An_export_only_suite_exports_the_same_on_both_sides_and_seals_nothing()
    {
        HpkeSuite suite = new(HpkeKem.X25519, HpkeKdf.Sha512, HpkeAead.ExportOnly);
        (HpkeSender sender, HpkeReceiver receiver) = Contexts(suite);
        byte[] sent = new byte[100];
        byte[] received = new byte[100];

        sender.Export("use"u8, sent);
        receiver.Export("use"u8, received);

        Assert.Equal(sent, received);
        Assert.Throws<InvalidOperationException>(() => Seal(sender, [1]));
        Assert.Throws<InvalidOperationException>(() => receiver.TryOpen(new byte[17], default, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sender.Export(default, new byte[(255 * 64) + 1]));
    }

    [Fact]
    public void A_short_input_key_is_an_argument_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HpkeKem.MlKem768.DerivePrivateKey(new byte[63], new byte[64]));
    }

    private static byte[] Seal(HpkeSender sender, byte[] plaintext)
    {
        byte[] ciphertext = new byte[plaintext.Length + HpkeSender.TagSize];
        sender.Seal(plaintext, default, ciphertext);
        return ciphertext;
    }

    private (HpkeSender Sender, HpkeReceiver Receiver) Contexts(HpkeSuite suite)
    {
        byte[] privateKey = new byte[suite.Kem.Algorithm.PrivateKeySize];
        byte[] publicKey = new byte[suite.Kem.Algorithm.EncapsulationKeySize];
        byte[] encapsulated = new byte[suite.Kem.Algorithm.CiphertextSize];
        suite.Kem.Algorithm.GeneratePrivateKey(_random, privateKey);
        suite.Kem.Algorithm.DeriveEncapsulationKey(privateKey, publicKey);
        Assert.True(suite.TrySetupSender(
            publicKey, default, SystemRandom.Instance, encapsulated, out HpkeSender? sender));
        Assert.True(suite.TrySetupReceiver(encapsulated, privateKey, default, out HpkeReceiver? receiver));
        return (sender, receiver);
    }
}
