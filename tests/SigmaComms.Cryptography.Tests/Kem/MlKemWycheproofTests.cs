using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Every case of Wycheproof's files for ML-KEM.</summary>
public sealed class MlKemWycheproofTests
{
    [Theory]
    [InlineData("512")]
    [InlineData("768")]
    [InlineData("1024")]
    public void Decapsulation_from_a_seed_gives_the_answers_of_all_193_cases(string set)
    {
        MlKemSurface kem = MlKemSurface.Named("ML-KEM-" + set);
        List<VectorCase> cases = VectorCase.ReadWycheproof($"mlkem_{set}");
        byte[] secret = new byte[32];

        foreach (VectorCase test in cases)
        {
            byte[] seed = test.Bytes("seed");
            byte[] ciphertext = test.Bytes("c");
            if (test.Text("result") == "invalid")
            {
                Assert.ThrowsAny<ArgumentException>(() => kem.Decapsulate(seed, ciphertext, secret));
                continue;
            }

            kem.Decapsulate(seed, ciphertext, secret);

            Assert.Equal(test.Bytes("K"), secret);
            Assert.Equal(test.Bytes("ek"), kem.PublicKeyOf(seed));
        }

        Assert.Equal(193, cases.Count);
    }

    [Theory]
    [InlineData("512", 261)]
    [InlineData("768", 265)]
    [InlineData("1024", 269)]
    public void Encapsulation_gives_the_answers_of_all_cases(string set, int count)
    {
        MlKemSurface kem = MlKemSurface.Named("ML-KEM-" + set);
        List<VectorCase> cases = VectorCase.ReadWycheproof($"mlkem_{set}_encaps");
        byte[] ciphertext = new byte[kem.CiphertextSize];
        byte[] secret = new byte[32];

        foreach (VectorCase test in cases)
        {
            byte[] key = test.Bytes("ek");
            bool valid = test.Text("result") == "valid";
            Assert.Equal(valid, kem.IsValidEncapsulationKey(key));
            if (key.Length == kem.EncapsulationKeySize)
            {
                Assert.Equal(valid, kem.TryEncapsulate(key, test.Bytes("m"), ciphertext, secret));
            }

            if (valid)
            {
                Assert.Equal(test.Bytes("c"), ciphertext);
                Assert.Equal(test.Bytes("K"), secret);
            }
        }

        Assert.Equal(count, cases.Count);
    }

    [Theory]
    [InlineData("512")]
    [InlineData("768")]
    [InlineData("1024")]
    public void Key_generation_gives_the_keys_of_all_100_cases(string set)
    {
        MlKemSurface kem = MlKemSurface.Named("ML-KEM-" + set);
        List<VectorCase> cases = VectorCase.ReadWycheproof($"mlkem_{set}_keygen_seed");

        foreach (VectorCase test in cases)
        {
            byte[] seed = test.Bytes("seed");

            Assert.Equal(test.Bytes("ek"), kem.PublicKeyOf(seed));
            Assert.Equal(test.Bytes("dk"), kem.LongKeyOf(seed));
        }

        Assert.Equal(100, cases.Count);
    }

    [Theory]
    [InlineData("512")]
    [InlineData("768")]
    [InlineData("1024")]
    public void Long_keys_give_the_answers_of_all_9_cases(string set)
    {
        MlKemSurface kem = MlKemSurface.Named("ML-KEM-" + set);
        List<VectorCase> cases = VectorCase.ReadWycheproof($"mlkem_{set}_semi_expanded_decaps");
        byte[] secret = new byte[32];

        foreach (VectorCase test in cases)
        {
            byte[] key = test.Bytes("dk");
            byte[] ciphertext = test.Bytes("c");
            if (key.Length != kem.DecapsulationKeySize || ciphertext.Length != kem.CiphertextSize)
            {
                Assert.Equal("invalid", test.Text("result"));
                Assert.ThrowsAny<ArgumentException>(() => kem.TryDecapsulateExpanded(key, ciphertext, secret));
                continue;
            }

            bool decapsulated = kem.TryDecapsulateExpanded(key, ciphertext, secret);

            Assert.Equal(test.Text("result") == "valid", decapsulated);
            if (decapsulated)
            {
                Assert.Equal(test.Bytes("K"), secret);
            }
        }

        Assert.Equal(9, cases.Count);
    }
}
