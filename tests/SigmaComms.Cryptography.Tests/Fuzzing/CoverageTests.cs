using System.Reflection;
using System.Text.RegularExpressions;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>No public method that answers about untrusted bytes is without a fuzzing loop.</summary>
public sealed class CoverageTests
{
    // Which decoder's loop runs which methods; a pattern of Type.Method and the start of the decoder's name.
    private static readonly (string Methods, string Decoder)[] Loops =
    [
        (@"(Digest|NodeId)\.TryParse", "digest"),
        (@"PublicKeyFormat\.TryDecodeDer", "public-key-der"),
        (@"PublicKeyFormat\.TryDecodePem", "public-key-pem"),
        (@"PrivateKeyFormat\.TryDecodeDer", "private-key-der"),
        (@"PrivateKeyFormat\.TryDecodePem", "private-key-pem"),
        (@"(AeadCipher|AesGcmCipher|Aes256Gcm|ChaChaCipher|XChaChaCipher)\.TryOpen", "aead-"),
        (@"SealedStream\.TryPlaintextSize", "sealed-stream-size"),
        (@"SegmentReader\.(TryCreate|TryOpen)", "sealed-stream"),
        (@"StreamOpener\.TryWrite", "sealed-stream"),
        (@"(HpkeSuite\.TrySetup(Sender|Receiver)|HpkeReceiver\.TryOpen)", "hpke"),
        (@"(KemAlgorithm|MlKem\w+|Ecdh\w+|XWing)\.(IsValid(Encapsulation|Public)Key|TryEncapsulate)", "kem-key-"),
        (@"(KemAlgorithm|MlKem\w+|XWing)\.TryDecapsulate", "kem-ciphertext-"),
        (@"(X25519|Ecdh\w+)\.(TryAgree|IsValidPrivateKey)", "kem-ciphertext-DHKEM"),
        (@"MlKem\d+\.(IsValidDecapsulationKey|TryDecapsulateExpanded)", "kem-long-key-"),
        (@"MlKem\d+DecapsulationKey\.TryImport", "kem-long-key-"),
        (@"MlKem\d+EncapsulationKey\.TryImport", "kem-key-object-"),
        (@"(SignatureAlgorithm|MlDsa\w+|SlhDsa\w+|Ed25519)\.Verify", "signature-"),
        (@"MlDsa\d+(VerificationKey)?\.Verify(PreHashed|Representative)", "signature-forms-"),
        (@"SlhDsa\w+\.VerifyPreHashed", "signature-hash-"),
        (@"MlDsa\d+(\.TrySignWithPrivateKey|SigningKey\.TryImport)", "signature-long-key-"),
        (@"MlDsa65\w+\.IsValidPrivateKey", "signature-private-key-composite"),
    ];

    // It asks a source of this machine for bytes, nobody else.
    private static readonly string[] NotDecoders = ["MixedRandom.TryStir", "MonitoredSource.TryRead"];

    [Fact]
    public void Every_public_method_that_takes_untrusted_bytes_is_in_a_loop()
    {
        string[] methods = [.. Methods().Except(NotDecoders)];

        Assert.True(methods.Length > 100, $"{methods.Length} methods");
        Assert.All(methods, static method => Assert.Contains(Loops, loop => Covers(loop.Methods, method)));
    }

    [Fact]
    public void No_loop_is_named_in_vain()
    {
        string[] methods = [.. Methods()];

        Assert.All(Loops, loop => Assert.Contains(methods, method => Covers(loop.Methods, method)));
        Assert.All(Loops, static loop => Assert.Contains(
            DecoderList.All, decoder => decoder.Name.StartsWith(loop.Decoder, StringComparison.Ordinal)));
    }

    private static bool Covers(string pattern, string method) =>
        Regex.IsMatch(method, $"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Methods()
    {
        const BindingFlags Own =
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return typeof(Digest).Assembly.GetExportedTypes()
            .SelectMany(static type => type.GetMethods(Own))
            .Where(static method => Answers(method.Name) && method.ReturnType == typeof(bool))
            .Select(static method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Where(static name => name != "StreamOpener.TryFinish")
            .Distinct();
    }

    private static bool Answers(string name) =>
        name.StartsWith("Try", StringComparison.Ordinal)
        || name.StartsWith("IsValid", StringComparison.Ordinal)
        || name.StartsWith("Verify", StringComparison.Ordinal);
}
