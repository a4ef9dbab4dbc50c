using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>The names that NIST's files give to hashes.</summary>
internal static class PreHashNames
{
    public static PreHashAlgorithm Parse(string name) => name switch
    {
        "SHA2-224" => PreHashAlgorithm.Sha224,
        "SHA2-256" => PreHashAlgorithm.Sha256,
        "SHA2-384" => PreHashAlgorithm.Sha384,
        "SHA2-512" => PreHashAlgorithm.Sha512,
        "SHA2-512/224" => PreHashAlgorithm.Sha512Cut224,
        "SHA2-512/256" => PreHashAlgorithm.Sha512Cut256,
        "SHA3-224" => PreHashAlgorithm.Sha3Of224,
        "SHA3-256" => PreHashAlgorithm.Sha3Of256,
        "SHA3-384" => PreHashAlgorithm.Sha3Of384,
        "SHA3-512" => PreHashAlgorithm.Sha3Of512,
        "SHAKE-128" => PreHashAlgorithm.Shake128,
        "SHAKE-256" => PreHashAlgorithm.Shake256,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown hash."),
    };
}
