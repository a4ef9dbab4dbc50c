using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Every case of NIST's ACVP files for ML-KEM; the counts are those of the files' origin.</summary>
public sealed class MlKemAcvpTests
{
    [Fact]
    public void Key_generation_gives_the_keys_of_all_75_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-KEM-keyGen-FIPS203");

        foreach (VectorCase test in cases)
        {
            MlKemSurface kem = MlKemSurface.Named(test.ParameterSet);
            byte[] seed = [.. test.Bytes("d"), .. test.Bytes("z")];

            Assert.Equal(test.ExpectedBytes("ek"), kem.PublicKeyOf(seed));
            Assert.Equal(test.ExpectedBytes("dk"), kem.LongKeyOf(seed));
        }

        Assert.Equal(75, cases.Count);
    }

    [Theory]
    [InlineData("ML-KEM-encapDecap-FIPS203", 165, 75, 30, 60)]
    [InlineData("ML-KEM-encapDecap-FIPS203-tr1", 195, 75, 60, 60)]
    public void Encapsulation_decapsulation_and_key_checks_give_the_answers_of_all_cases(
        string folder, int all, int encapsulations, int decapsulations, int checks)
    {
        List<VectorCase> cases = VectorCase.ReadAcvp(folder);
        Dictionary<string, int> done = [];

        foreach (VectorCase test in cases)
        {
            string function = test.GroupText("function");
            Run(function, test);
            done[function] = done.GetValueOrDefault(function) + 1;
        }

        Assert.Equal(all, cases.Count);
        Assert.Equal(encapsulations, done["encapsulation"]);
        Assert.Equal(decapsulations, done["decapsulation"]);
        Assert.Equal(checks, done["encapsulationKeyCheck"] + done["decapsulationKeyCheck"]);
    }

    private static void Run(string function, VectorCase test)
    {
        MlKemSurface kem = MlKemSurface.Named(test.ParameterSet);
        byte[] ciphertext = new byte[kem.CiphertextSize];
        byte[] secret = new byte[MlKemSurface.SecretSize];
        switch (function)
        {
            case "encapsulation":
                Assert.True(kem.TryEncapsulate(test.Bytes("ek"), test.Bytes("m"), ciphertext, secret));
                Assert.Equal(test.ExpectedBytes("c"), ciphertext);
                Assert.Equal(test.ExpectedBytes("k"), secret);
                break;
            case "decapsulation" when test.GroupText("keyFormat") == "seed":
                kem.Decapsulate([.. test.Bytes("d"), .. test.Bytes("z")], test.Bytes("c"), secret);
                Assert.Equal(test.ExpectedBytes("k"), secret);
                break;
            case "decapsulation":
                Assert.True(kem.TryDecapsulateExpanded(test.Bytes("dk"), test.Bytes("c"), secret));
                Assert.Equal(test.ExpectedBytes("k"), secret);
                break;
            case "encapsulationKeyCheck":
                Assert.Equal(test.ExpectedFlag("testPassed"), kem.IsValidEncapsulationKey(test.Bytes("ek")));
                break;
            case "decapsulationKeyCheck":
                Assert.Equal(test.ExpectedFlag("testPassed"), kem.IsValidDecapsulationKey(test.Bytes("dk")));
                break;
            default:
                Assert.Fail($"Unknown function {function} in case {test.Id}.");
                break;
        }
    }
}
