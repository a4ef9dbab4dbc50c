using System.Text.Json;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Hpke;

/// <summary>Known answers of RFC 9180 and of the draft with post-quantum mechanisms, in base mode.</summary>
public sealed class HpkeVectorTests
{
    private static readonly HpkeKem[] Kems =
    [
        HpkeKem.P256, HpkeKem.P384, HpkeKem.P521, HpkeKem.X25519, HpkeKem.MlKem512, HpkeKem.MlKem768,
        HpkeKem.MlKem1024, HpkeKem.MlKem768P256, HpkeKem.MlKem1024P384, HpkeKem.XWing,
    ];

    private static readonly HpkeKdf[] Kdfs = [HpkeKdf.Sha256, HpkeKdf.Sha384, HpkeKdf.Sha512];

    private static readonly HpkeAead[] Aeads =
        [HpkeAead.Aes128Gcm, HpkeAead.Aes256Gcm, HpkeAead.ChaCha20Poly1305, HpkeAead.ExportOnly];

    [Theory]
    [InlineData(16, 8)]
    [InlineData(18, 8)]
    [InlineData(32, 8)]
    public void Every_base_mode_case_of_RFC_9180_is_answered(int kem, int count)
    {
        List<JsonElement> cases = VectorFolder.Read("hybrid/rfc9180/base.json.gz").EnumerateArray()
            .Where(test => test.GetProperty("kem_id").GetInt32() == kem)
            .ToList();

        foreach (JsonElement test in cases)
        {
            HpkeSuite suite = Suite(test);
            byte[] privateKey = PrivateKey(suite, test);
            (HpkeSender sender, HpkeReceiver receiver) = Setup(suite, test, privateKey, Bytes(test, "info"));
            using (sender)
            using (receiver)
            {
                foreach (JsonElement message in test.GetProperty("encryptions").EnumerateArray())
                {
                    Exchange(sender, receiver, Text(test, message), Bytes(message, "aad"), Bytes(message, "ct"));
                }

                foreach (JsonElement export in test.GetProperty("exports").EnumerateArray())
                {
                    Export(sender, receiver, Bytes(export, "exporter_context"), Bytes(export, "exported_value"));
                }
            }
        }

        Assert.Equal(count, cases.Count);
    }

    [Theory]
    [InlineData("ML-KEM-768")]
    [InlineData("ML-KEM-1024")]
    [InlineData("MLKEM768-P256")]
    [InlineData("MLKEM1024-P384")]
    [InlineData("X-Wing")]
    public void The_post_quantum_cases_of_the_draft_are_answered(string name)
    {
        JsonElement root = VectorFolder.Read("hybrid/hpke-pq/base.json.gz");
        JsonElement test = root.GetProperty("tests").EnumerateArray()
            .Single(test => test.GetProperty("name").GetString() == name);
        HpkeSuite suite = Suite(test);
        byte[] privateKey = PrivateKey(suite, test);
        (HpkeSender sender, HpkeReceiver receiver) = Setup(suite, test, privateKey, Bytes(root, "info"));
        using (sender)
        using (receiver)
        {
            for (int i = 0; i < 2; i++)
            {
                Exchange(sender, receiver, Bytes(root, "pt"), Item(root, "aad", i), Item(test, "ct", i));
                Export(sender, receiver, Item(root, "exporter_context", i), Item(test, "exported", i));
            }
        }
    }

    private static HpkeSuite Suite(JsonElement test) => new(
        Kems.Single(kem => kem.Id == test.GetProperty("kem_id").GetInt32()),
        Kdfs.Single(kdf => kdf.Id == test.GetProperty("kdf_id").GetInt32()),
        Aeads.Single(aead => aead.Id == test.GetProperty("aead_id").GetInt32()));

    private static byte[] PrivateKey(HpkeSuite suite, JsonElement test)
    {
        KemAlgorithm kem = suite.Kem.Algorithm;
        byte[] privateKey = new byte[kem.PrivateKeySize];
        byte[] publicKey = new byte[kem.EncapsulationKeySize];
        suite.Kem.DerivePrivateKey(Bytes(test, "ikmR"), privateKey);
        kem.DeriveEncapsulationKey(privateKey, publicKey);

        Assert.Equal(Bytes(test, "skRm"), privateKey);
        AssertEnd(test, "pkRm", publicKey);
        return privateKey;
    }

    private static (HpkeSender Sender, HpkeReceiver Receiver) Setup(
        HpkeSuite suite, JsonElement test, byte[] privateKey, byte[] info)
    {
        byte[] publicKey = new byte[suite.Kem.Algorithm.EncapsulationKeySize];
        suite.Kem.Algorithm.DeriveEncapsulationKey(privateKey, publicKey);
        byte[] encapsulated = new byte[suite.Kem.Algorithm.CiphertextSize];

        bool sent = suite.TrySetupSender(
            publicKey, info, new FixedRandom(Bytes(test, "ikmE")), encapsulated, out HpkeSender? sender);
        bool received = suite.TrySetupReceiver(encapsulated, privateKey, info, out HpkeReceiver? receiver);

        Assert.True(sent);
        Assert.True(received);
        AssertEnd(test, "enc", encapsulated);
        return (sender!, receiver!);
    }

    private static void Exchange(
        HpkeSender sender, HpkeReceiver receiver, byte[] plaintext, byte[] associatedData, byte[] expected)
    {
        byte[] ciphertext = new byte[expected.Length];
        byte[] opened = new byte[plaintext.Length];

        sender.Seal(plaintext, associatedData, ciphertext);
        bool good = receiver.TryOpen(ciphertext, associatedData, opened);

        Assert.Equal(expected, ciphertext);
        Assert.True(good);
        Assert.Equal(plaintext, opened);
    }

    private static void Export(HpkeSender sender, HpkeReceiver receiver, byte[] context, byte[] expected)
    {
        byte[] sent = new byte[expected.Length];
        byte[] received = new byte[expected.Length];

        sender.Export(context, sent);
        receiver.Export(context, received);

        Assert.Equal(expected, sent);
        Assert.Equal(expected, received);
    }

    // The file of RFC 9180 has the plaintext beside its other values in each message, or once for the case.
    private static byte[] Text(JsonElement test, JsonElement message) =>
        message.TryGetProperty("pt", out _) ? Bytes(message, "pt") : Bytes(test, "pt");

    // The draft's long values are kept by their last bytes only; the values made from them show the rest.
    private static void AssertEnd(JsonElement test, string name, byte[] actual)
    {
        if (test.TryGetProperty(name, out JsonElement whole))
        {
            Assert.Equal(whole.GetString(), Convert.ToHexStringLower(actual));
            return;
        }

        Assert.EndsWith(test.GetProperty(name + "End").GetString(), Convert.ToHexStringLower(actual));
    }

    private static byte[] Item(JsonElement element, string name, int index) =>
        Convert.FromHexString(element.GetProperty(name)[index].GetString()!);

    private static byte[] Bytes(JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);

    private sealed class FixedRandom(byte[] bytes) : IRandomSource
    {
        public void Fill(Span<byte> destination) => bytes.CopyTo(destination);
    }
}
