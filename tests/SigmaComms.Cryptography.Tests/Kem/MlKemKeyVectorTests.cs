using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>
/// Key objects on the known answers of ACVP (MlKem512EncapsulationKey, MlKem768DecapsulationKey and the others, through
/// <see cref="MlKemKeySurface"/>), and what they refuse.
/// </summary>
public sealed class MlKemKeyVectorTests(ITestOutputHelper output)
{
    private static readonly Type[] Tested =
    [
        typeof(MlKem512EncapsulationKey), typeof(MlKem512DecapsulationKey),
        typeof(MlKem768EncapsulationKey), typeof(MlKem768DecapsulationKey),
        typeof(MlKem1024EncapsulationKey), typeof(MlKem1024DecapsulationKey),
    ];

    [Fact]
    public void Keys_from_seeds_export_the_answers_of_all_75_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-KEM-keyGen-FIPS203");

        foreach (VectorCase test in cases)
        {
            MlKemKeySurface kem = Named(test.ParameterSet);
            byte[] seed = [.. test.Bytes("d"), .. test.Bytes("z")];
            MlKemKeySurface.Secret key = kem.FromSeed(seed);

            Assert.Equal(seed, Exported(key.ExportSeed, 64));
            Assert.Equal(test.ExpectedBytes("ek"), Exported(key.ExportPublic, kem.Plain.EncapsulationKeySize));
            Assert.Equal(test.ExpectedBytes("dk"), Exported(key.ExportLong, kem.Plain.DecapsulationKeySize));
            key.Owner.Dispose();
        }

        Assert.Equal(75, cases.Count);
        Assert.Equal(6, Tested.Length);
    }

    [Fact]
    public void Encapsulation_decapsulation_and_import_give_the_answers_of_all_195_cases()
    {
        List<VectorCase> cases = VectorCase.ReadAcvp("ML-KEM-encapDecap-FIPS203-tr1");

        foreach (VectorCase test in cases)
        {
            Run(test.GroupText("function"), Named(test.ParameterSet), test);
        }

        Assert.Equal(195, cases.Count);
    }

    [Fact]
    public void A_fresh_key_serves_many_messages_and_is_useless_once_disposed()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemKeySurface kem in MlKemKeySurface.All)
        {
            MlKemKeySurface.Secret secretKey = kem.Generate();
            byte[] bytes = Exported(secretKey.ExportPublic, kem.Plain.EncapsulationKeySize);
            MlKemKeySurface.Public publicKey = kem.ImportPublic(bytes)!;
            byte[] ciphertext = new byte[kem.Plain.CiphertextSize];
            byte[] sent = new byte[32];
            byte[] received = new byte[32];
            for (int run = 0; run < 20; run++)
            {
                publicKey.EncapsulateFreshly(ciphertext, sent);
                secretKey.Decapsulate(ciphertext, received);
                Assert.Equal(sent, received);
                ciphertext[random.Below(ciphertext.Length)] ^= 1;
                secretKey.Decapsulate(ciphertext, received);
                Assert.NotEqual(sent, received);
            }

            Assert.True(secretKey.HasSeed);
            Assert.Equal(bytes, Exported(publicKey.Export, bytes.Length));
            secretKey.Owner.Dispose();
            secretKey.Owner.Dispose();
            Assert.Throws<ObjectDisposedException>(() => secretKey.Decapsulate(ciphertext, received));
            Assert.Throws<ObjectDisposedException>(() => secretKey.ExportSeed(new byte[64]));
        }
    }

    [Fact]
    public void Wrong_lengths_and_broken_keys_are_refused()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemKeySurface kem in MlKemKeySurface.All)
        {
            byte[] seed = random.Bytes(64);
            byte[] key = kem.Plain.PublicKeyOf(seed);
            byte[] longKey = kem.Plain.LongKeyOf(seed);
            byte[] tooLarge = [.. key];
            tooLarge[0] = 0xFF;
            tooLarge[1] |= 0x0F;
            byte[] flipped = [.. longKey];
            flipped[key.Length] ^= 1;

            Assert.Null(kem.ImportPublic(key[1..]));
            Assert.Null(kem.ImportPublic([.. key, 0]));
            Assert.Null(kem.ImportPublic([]));
            Assert.Null(kem.ImportPublic(tooLarge));
            Assert.Null(kem.ImportSecret(longKey[1..]));
            Assert.Null(kem.ImportSecret([.. longKey, 0]));
            Assert.Null(kem.ImportSecret(flipped));
            Assert.Throws<ArgumentException>(() => kem.FromSeed(new byte[63]));
            MlKemKeySurface.Secret imported = kem.ImportSecret(longKey)!;
            Assert.False(imported.HasSeed);
            Assert.Throws<InvalidOperationException>(() => imported.ExportSeed(new byte[64]));
            Assert.Throws<ArgumentException>(() => imported.Decapsulate(new byte[3], new byte[32]));
            Assert.Throws<ArgumentException>(() => imported.ExportLong(new byte[3]));
            imported.Owner.Dispose();
        }
    }

    private static MlKemKeySurface Named(string name) =>
        MlKemKeySurface.All.Single(surface => surface.Plain.Name == name);

    private static byte[] Exported(MlKemKeySurface.Fill export, int size)
    {
        byte[] bytes = new byte[size];
        export(bytes);
        return bytes;
    }

    private static void Run(string function, MlKemKeySurface kem, VectorCase test)
    {
        byte[] ciphertext = new byte[kem.Plain.CiphertextSize];
        byte[] secret = new byte[32];
        switch (function)
        {
            case "encapsulation":
                kem.ImportPublic(test.Bytes("ek"))!.Encapsulate(test.Bytes("m"), ciphertext, secret);
                Assert.Equal(test.ExpectedBytes("c"), ciphertext);
                Assert.Equal(test.ExpectedBytes("k"), secret);
                break;
            case "decapsulation":
                MlKemKeySurface.Secret key = test.GroupText("keyFormat") == "seed"
                    ? kem.FromSeed([.. test.Bytes("d"), .. test.Bytes("z")])
                    : kem.ImportSecret(test.Bytes("dk"))!;
                key.Decapsulate(test.Bytes("c"), secret);
                key.Owner.Dispose();
                Assert.Equal(test.ExpectedBytes("k"), secret);
                break;
            case "encapsulationKeyCheck":
                Assert.Equal(test.ExpectedFlag("testPassed"), kem.ImportPublic(test.Bytes("ek")) is not null);
                break;
            default:
                MlKemKeySurface.Secret? imported = kem.ImportSecret(test.Bytes("dk"));
                imported?.Owner.Dispose();
                Assert.Equal(test.ExpectedFlag("testPassed"), imported is not null);
                break;
        }
    }
}
