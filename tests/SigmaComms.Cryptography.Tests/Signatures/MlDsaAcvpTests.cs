using SigmaComms.Cryptography.Lattice;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Every case of NIST's ACVP files for ML-DSA; the counts are those of the files' origin.</summary>
public sealed class MlDsaAcvpTests
{
    [Fact]
    public void Key_generation_gives_the_keys_of_all_75_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-DSA-keyGen-FIPS204");

        foreach (VectorCase test in cases)
        {
            MlDsaSurface dsa = MlDsaSurface.Named(test.ParameterSet);
            byte[] seed = test.Bytes("seed");

            Assert.Equal(test.ExpectedBytes("pk"), dsa.PublicKeyOf(seed));
            Assert.Equal(test.ExpectedBytes("sk"), dsa.LongKeyOf(seed));
        }

        Assert.Equal(75, cases.Count);
    }

    [Fact]
    public void Signing_gives_the_signatures_of_all_360_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-DSA-sigGen-FIPS204");
        Dictionary<string, int> done = [];

        foreach (VectorCase test in cases)
        {
            MlDsaSurface dsa = MlDsaSurface.Named(test.ParameterSet);
            string form = Form(test);
            byte[] signature = new byte[dsa.SignatureSize];

            Sign(form, dsa, test, signature);

            Assert.Equal(test.ExpectedBytes("signature"), signature);
            done[form] = done.GetValueOrDefault(form) + 1;
        }

        AssertForms(done, 360, 90);
    }

    [Fact]
    public void Verifying_gives_the_answers_of_all_180_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-DSA-sigVer-FIPS204");
        Dictionary<string, int> done = [];
        int good = 0;

        foreach (VectorCase test in cases)
        {
            MlDsaSurface dsa = MlDsaSurface.Named(test.ParameterSet);
            string form = Form(test);

            bool valid = Verify(form, dsa, test);

            Assert.Equal(test.ExpectedFlag("testPassed"), valid);
            done[form] = done.GetValueOrDefault(form) + 1;
            good += valid ? 1 : 0;
        }

        AssertForms(done, 180, 45);
        Assert.InRange(good, 1, 179);
    }

    private static void AssertForms(Dictionary<string, int> done, int all, int each)
    {
        Assert.Equal(all, done.Values.Sum());
        Assert.Equal(["internal", "mu", "preHash", "pure"], done.Keys.Order());
        Assert.All(done.Values, count => Assert.Equal(each, count));
    }

    private static string Form(VectorCase test)
    {
        if (test.GroupText("signatureInterface") == "external")
        {
            return test.GroupText("preHash");
        }

        return test.GroupFlag("externalMu") ? "mu" : "internal";
    }

    // The files give long private keys, so all forms but the pure one go through the key that the public classes use.
    private static void Sign(string form, MlDsaSurface dsa, VectorCase test, byte[] signature)
    {
        byte[] randomness = test.Bytes("rnd");
        randomness = randomness.Length == 0 ? new byte[32] : randomness;
        if (form == "pure")
        {
            Assert.True(dsa.TrySignWithPrivateKey(
                test.Bytes("sk"), test.Bytes("message"), test.Bytes("context"), randomness, signature));
            return;
        }

        using MlDsaPrivateKey? key = MlDsaPrivateKey.TryImport(dsa.Set, test.Bytes("sk"));
        Assert.NotNull(key);
        byte[] mu = Representative(form, key.PublicKeyHash, test);
        MlDsaCore.SignRepresentative(key, mu, randomness, signature);
    }

    private static bool Verify(string form, MlDsaSurface dsa, VectorCase test)
    {
        byte[] key = test.Bytes("pk");
        byte[] signature = test.Bytes("signature");
        switch (form)
        {
            case "pure":
                return dsa.Verify(key, test.Bytes("message"), test.Bytes("context"), signature);
            case "preHash":
                return dsa.VerifyPreHashed(
                    key,
                    PreHashNames.Parse(test.Text("hashAlg")),
                    test.Bytes("message"),
                    test.Bytes("context"),
                    signature);
            default:
                MlDsaPublicKey expanded = new(dsa.Set, key);
                return dsa.VerifyRepresentative(key, Representative(form, expanded.Hash, test), signature);
        }
    }

    private static byte[] Representative(string form, ReadOnlySpan<byte> publicKeyHash, VectorCase test)
    {
        byte[] mu = test.Bytes("mu");
        switch (form)
        {
            case "preHash":
                mu = new byte[64];
                MlDsaMessage.RepresentPreHashed(
                    publicKeyHash,
                    PreHashNames.Parse(test.Text("hashAlg")),
                    test.Bytes("message"),
                    test.Bytes("context"),
                    mu);
                break;
            case "internal":
                mu = new byte[64];
                MlDsaMessage.RepresentInternal(publicKeyHash, test.Bytes("message"), mu);
                break;
        }

        return mu;
    }
}
