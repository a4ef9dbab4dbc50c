using System.Text.Json;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Known answers of the drafts for the mechanisms of two halves.</summary>
public sealed class HybridKemTests
{
    private delegate bool Encapsulate(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> secret);

    private delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> key);

    private delegate bool Decapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    [Fact]
    public void The_3_cases_of_the_XWing_draft_are_answered()
    {
        int count = Answer(
            "hybrid/xwing/test-vectors.json.gz",
            "eseed",
            (XWing.EncapsulationKeySize, XWing.CiphertextSize),
            XWing.DeriveEncapsulationKey,
            XWing.TryEncapsulate,
            (seed, ciphertext, secret) =>
            {
                XWing.Decapsulate(seed, ciphertext, secret);
                return true;
            });

        Assert.Equal(3, count);
    }

    [Fact]
    public void The_10_cases_of_MLKEM768_P256_are_answered()
    {
        int count = Answer(
            "hybrid/noble-hybrids/test-vectors-MLKEM768P256.json.gz",
            "randomness",
            (MlKem768P256.EncapsulationKeySize, MlKem768P256.CiphertextSize),
            MlKem768P256.DeriveEncapsulationKey,
            MlKem768P256.TryEncapsulate,
            MlKem768P256.TryDecapsulate);

        Assert.Equal(10, count);
    }

    [Fact]
    public void The_10_cases_of_MLKEM1024_P384_are_answered()
    {
        int count = Answer(
            "hybrid/noble-hybrids/test-vectors-MLKEM1024P384.json.gz",
            "randomness",
            (MlKem1024P384.EncapsulationKeySize, MlKem1024P384.CiphertextSize),
            MlKem1024P384.DeriveEncapsulationKey,
            MlKem1024P384.TryEncapsulate,
            MlKem1024P384.TryDecapsulate);

        Assert.Equal(10, count);
    }

    [Fact]
    public void A_ciphertext_whose_second_half_is_no_point_is_refused_and_the_output_zeroed()
    {
        byte[] seed = Enumerable.Repeat((byte)3, 32).ToArray();
        byte[] key = new byte[MlKem768P256.EncapsulationKeySize];
        byte[] ciphertext = new byte[MlKem768P256.CiphertextSize];
        byte[] secret = new byte[32];
        MlKem768P256.DeriveEncapsulationKey(seed, key);
        Assert.True(MlKem768P256.TryEncapsulate(key, ciphertext, secret));
        ciphertext[^1] ^= 1;

        bool recovered = MlKem768P256.TryDecapsulate(seed, ciphertext, secret);

        Assert.False(recovered);
        Assert.Equal(new byte[32], secret);
    }

    [Fact]
    public void A_low_order_X25519_half_leaves_the_MLKEM_half_to_protect()
    {
        byte[] seed = Enumerable.Repeat((byte)5, 32).ToArray();
        byte[] key = new byte[XWing.EncapsulationKeySize];
        XWing.DeriveEncapsulationKey(seed, key);
        key.AsSpan(^32).Clear();
        byte[] ciphertext = new byte[XWing.CiphertextSize];
        byte[] secret = new byte[32];

        bool made = XWing.TryEncapsulate(key, ciphertext, secret);

        Assert.True(made);
        Assert.NotEqual(new byte[32], secret);
    }

    [Fact]
    public void Randomness_that_holds_no_scalar_is_an_argument_error()
    {
        byte[] key = new byte[MlKem1024P384.EncapsulationKeySize];
        MlKem1024P384.DeriveEncapsulationKey(new byte[32], key);

        Assert.Throws<ArgumentException>(
            () => MlKem1024P384.TryEncapsulate(key, new byte[80], new byte[1665], new byte[32]));
    }

    private static int Answer(
        string path,
        string randomness,
        (int Key, int Ciphertext) sizes,
        Derive derive,
        Encapsulate encapsulate,
        Decapsulate decapsulate)
    {
        int count = 0;
        foreach (JsonElement test in VectorFolder.Read(path).EnumerateArray())
        {
            byte[] seed = Bytes(test, "seed");
            byte[] key = new byte[sizes.Key];
            byte[] ciphertext = new byte[sizes.Ciphertext];
            byte[] sent = new byte[32];
            byte[] received = new byte[32];

            derive(seed, key);
            bool made = encapsulate(key, Bytes(test, randomness), ciphertext, sent);
            bool recovered = decapsulate(seed, ciphertext, received);

            Assert.Equal(Bytes(test, "pk"), key);
            Assert.True(made);
            Assert.Equal(Bytes(test, "ct"), ciphertext);
            Assert.Equal(Bytes(test, "ss"), sent);
            Assert.True(recovered);
            Assert.Equal(sent, received);
            count++;
        }

        return count;
    }

    private static byte[] Bytes(JsonElement test, string name) =>
        Convert.FromHexString(test.GetProperty(name).GetString()!);
}
