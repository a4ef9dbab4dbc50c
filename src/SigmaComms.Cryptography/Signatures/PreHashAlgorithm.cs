namespace SigmaComms.Cryptography.Signatures;

/// <summary>What hashes a message before it is signed; values are those of the object identifiers.</summary>
/// <standard>FIPS 204, section 5.4; identifiers 2.16.840.1.101.3.4.2.x of NIST's register.</standard>
public enum PreHashAlgorithm
{
    /// <summary>None; never valid.</summary>
    None = 0,

    /// <summary>SHA-256, FIPS 180-4.</summary>
    Sha256 = 1,

    /// <summary>SHA-384, FIPS 180-4.</summary>
    Sha384 = 2,

    /// <summary>SHA-512, FIPS 180-4.</summary>
    Sha512 = 3,

    /// <summary>SHA-224, FIPS 180-4.</summary>
    Sha224 = 4,

    /// <summary>SHA-512/224, FIPS 180-4.</summary>
    Sha512Cut224 = 5,

    /// <summary>SHA-512/256, FIPS 180-4.</summary>
    Sha512Cut256 = 6,

    /// <summary>SHA3-224, FIPS 202.</summary>
    Sha3Of224 = 7,

    /// <summary>SHA3-256, FIPS 202.</summary>
    Sha3Of256 = 8,

    /// <summary>SHA3-384, FIPS 202.</summary>
    Sha3Of384 = 9,

    /// <summary>SHA3-512, FIPS 202.</summary>
    Sha3Of512 = 10,

    /// <summary>SHAKE128 with 32 bytes, FIPS 202.</summary>
    Shake128 = 11,

    /// <summary>SHAKE256 with 64 bytes, FIPS 202.</summary>
    Shake256 = 12,
}
