using SigmaComms.Cryptography.KeyFormats;

namespace SigmaComms.Cryptography.Tests.KeyFormats;

/// <summary>Keys that OpenSSL 3.5 wrote are read here, and those written here are read there.</summary>
public sealed class OpenSslKeyTests
{
    private static readonly KeyType[] Types =
    [
        KeyType.MlKem512, KeyType.MlKem768, KeyType.MlKem1024,
        KeyType.MlDsa44, KeyType.MlDsa65, KeyType.MlDsa87,
        KeyType.X25519, KeyType.Ed25519,
        .. KeyType.All.Where(type => type.Name.StartsWith("SLH-DSA", StringComparison.Ordinal)),
    ];

    [OpenSslFact]
    public void Keys_that_OpenSSL_made_are_read_and_give_the_public_key_that_it_gives()
    {
        foreach (KeyType type in Types)
        {
            byte[] pem = OpenSsl.Run([], "genpkey", "-algorithm", type.Name)!;
            byte[] publicPem = OpenSsl.Run(pem, "pkey", "-pubout")!;

            Assert.True(PrivateKeyFormat.TryDecodePem(pem, out ImportedPrivateKey? key), type.Name);
            Assert.True(PublicKeyFormat.TryDecodePem(publicPem, out KeyType? publicType, out byte[]? publicKey));
            using (key)
            {
                byte[] derived = new byte[type.PublicKeySize];
                type.Operations.DerivePublicKey(key.PrivateKey!.Span, derived);

                Assert.Same(type, key.Type);
                Assert.Same(type, publicType);
                Assert.Equal(publicKey, derived);
            }
        }
    }

    [OpenSslFact]
    public void Keys_written_here_in_every_form_are_read_by_OpenSSL_which_gives_the_same_public_key()
    {
        foreach (KeyType type in Types)
        {
            byte[] seed = new SeededRandom(5).Bytes(type.PrivateKeySize);
            AlgorithmRegistry.FindSignature(type.Name)?.GeneratePrivateKey(new SeededRandom(6), seed);
            byte[] publicKey = new byte[type.PublicKeySize];
            type.Operations.DerivePublicKey(seed, publicKey);
            PrivateKeyForm[] forms = type.ExpandedKeySize > 0
                ? Enum.GetValues<PrivateKeyForm>()
                : [PrivateKeyForm.Seed];
            foreach (PrivateKeyForm form in forms)
            {
                using SecretBytes pem = PrivateKeyFormat.EncodePem(type, seed, form);
                using SecretBytes der = PrivateKeyFormat.EncodeDer(type, seed, form);

                byte[]? fromPem = OpenSsl.Run(pem.Span.ToArray(), "pkey", "-pubout");
                byte[]? fromDer = OpenSsl.Run(
                    der.Span.ToArray(), "pkey", "-inform", "DER", "-pubout", "-outform", "DER");

                Assert.Equal(PublicKeyFormat.EncodePem(type, publicKey), fromPem);
                Assert.Equal(PublicKeyFormat.EncodeDer(type, publicKey), fromDer);
            }
        }
    }

    // OpenSSL's words for the forms; its "-only" forms have no other parts beside them.
    [OpenSslFact]
    public void Every_form_that_OpenSSL_writes_is_read_here()
    {
        foreach (KeyType type in Types.Where(type => type.ExpandedKeySize > 0))
        {
            string option = type.Name.StartsWith("ML-KEM", StringComparison.Ordinal) ? "ml-kem" : "ml-dsa";
            byte[] pem = OpenSsl.Run([], "genpkey", "-algorithm", type.Name)!;
            foreach ((string format, bool seed, bool expanded) in (ReadOnlySpan<(string, bool, bool)>)
                [("seed-only", true, false), ("priv-only", false, true), ("seed-priv", true, true)])
            {
                byte[] der = OpenSsl.Run(
                    pem, "pkey", "-outform", "DER", "-provparam", $"{option}.output_formats={format}")!;

                Assert.True(PrivateKeyFormat.TryDecodeDer(der, out ImportedPrivateKey? key), $"{type} {format}");
                using (key)
                {
                    Assert.Equal(seed, key.PrivateKey is not null);
                    Assert.Equal(expanded, key.ExpandedKey is not null);
                }
            }
        }
    }
}
