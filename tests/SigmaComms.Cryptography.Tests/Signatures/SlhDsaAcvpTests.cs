using System.Security.Cryptography;
using System.Text.Json;
using SigmaComms.Cryptography.HashSignatures;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>NIST's ACVP files for SLH-DSA; the counts are those of the files' origin.</summary>
public sealed class SlhDsaAcvpTests
{
    private const string SigningFolder = "SLH-DSA-sigGen-FIPS205";

    [Fact]
    public void Key_generation_gives_the_keys_of_all_120_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("SLH-DSA-keyGen-FIPS205");
        HashSet<string> sets = [];

        foreach (VectorCase test in cases)
        {
            SlhDsaSurface dsa = SlhDsaSurface.Named(test.ParameterSet);
            byte[] seed = [.. test.Bytes("skSeed"), .. test.Bytes("skPrf"), .. test.Bytes("pkSeed")];

            (byte[] privateKey, byte[] publicKey) = dsa.KeysOf(seed);

            Assert.Equal(test.ExpectedBytes("sk"), privateKey);
            Assert.Equal(test.ExpectedBytes("pk"), publicKey);
            sets.Add(dsa.Name);
        }

        Assert.Equal(120, cases.Count);
        Assert.Equal(12, sets.Count);
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Signing_gives_the_signature_of_a_case_of_every_form_or_of_two_where_it_is_slow(string name)
    {
        // Hedged and deterministic, message and hash of a message, and the internal interface.
        List<VectorCase> cases = ReadSigning()
            .Where(test => test.ParameterSet == name)
            .GroupBy(test => test.Group.GetProperty("tgId").GetInt32())
            .Select(group => group.ElementAt(group.Key % group.Count()))
            .ToList();
        Assert.Equal(6, cases.Count);

        IEnumerable<VectorCase> chosen = name[^1] == 's'
            ? cases.Where(test => test.GroupText("preHash") == (test.GroupFlag("deterministic") ? "preHash" : "pure"))
            : cases;
        int done = 0;
        foreach (VectorCase test in chosen)
        {
            AssertSigned(test);
            done++;
        }

        Assert.Equal(name[^1] == 's' ? 2 : 6, done);
    }

    [LongFact]
    public void Signing_gives_the_signatures_of_all_624_cases()
    {
        List<VectorCase> cases = ReadSigning();

        Assert.All(cases, AssertSigned);

        Assert.Equal(624, cases.Count);
    }

    [Fact]
    public void Verifying_gives_the_answers_of_all_45_cases()
    {
        JsonElement file = VectorFolder.Read("acvp/SLH-DSA-sigVer-FIPS205/internalProjection.json.gz");
        List<VectorCase> cases = file.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray()
                .Select(test => new VectorCase(group, test, test)))
            .ToList();
        int good = 0;

        foreach (VectorCase test in cases)
        {
            SlhParameters set = SlhDsaSurface.Named(test.ParameterSet).Set;
            SlhMessage message = new(default, test.Bytes("message"));

            bool valid = SlhVerifier.Verify(set, test.Bytes("pk"), message, test.Bytes("signature"));

            Assert.Equal(test.ExpectedFlag("testPassed"), valid);
            good += valid ? 1 : 0;
        }

        Assert.Equal(45, cases.Count);
        Assert.Equal(15, good);
    }

    private static List<VectorCase> ReadSigning()
    {
        JsonElement prompt = VectorFolder.Read($"acvp/{SigningFolder}/prompt.json.gz");
        Dictionary<int, JsonElement> digests = VectorFolder.Read($"acvp/{SigningFolder}/signatureSha256.json.gz")
            .GetProperty("tests").EnumerateArray()
            .ToDictionary(test => test.GetProperty("tcId").GetInt32());
        return prompt.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray()
                .Select(test => new VectorCase(group, test, digests[test.GetProperty("tcId").GetInt32()])))
            .ToList();
    }

    private static void AssertSigned(VectorCase test)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(test.ParameterSet);
        byte[] signature = new byte[dsa.SignatureSize];

        bool valid = SignAndVerify(dsa, test, signature);

        Assert.Equal(test.ExpectedBytes("signatureSha256"), SHA256.HashData(signature));
        Assert.True(valid);
    }

    private static bool SignAndVerify(SlhDsaSurface dsa, VectorCase test, byte[] signature)
    {
        int size = dsa.RandomnessSize;
        byte[] privateKey = test.Bytes("sk");
        byte[] publicKey = privateKey[(2 * size)..];
        byte[] message = test.Bytes("message");
        byte[] context = test.Bytes("context");
        bool deterministic = test.GroupFlag("deterministic");
        byte[] randomness = deterministic ? publicKey[..size] : test.Bytes("additionalRandomness");
        if (test.GroupText("signatureInterface") == "internal")
        {
            SlhSigner.Sign(dsa.Set, privateKey, new SlhMessage(default, message), randomness, signature);
            return SlhVerifier.Verify(dsa.Set, publicKey, new SlhMessage(default, message), signature);
        }

        if (test.GroupText("preHash") == "preHash")
        {
            PreHashAlgorithm algorithm = PreHashNames.Parse(test.Text("hashAlg"));
            dsa.SignPreHashedWith(privateKey, algorithm, message, context, randomness, signature);
            return dsa.VerifyPreHashed(publicKey, algorithm, message, context, signature);
        }

        if (deterministic)
        {
            dsa.SignDeterministic(privateKey, message, context, signature);
        }
        else
        {
            dsa.SignWith(privateKey, message, context, randomness, signature);
        }

        return dsa.Verify(publicKey, message, context, signature);
    }
}
