using System.Security.Cryptography;

namespace SigmaComms.Cryptography;

/// <summary>The choice between our own ML-KEM and ML-DSA and the framework's, for the whole process.</summary>
/// <remarks>
/// Made once, before the first key. With <see cref="CryptographyProvider.Platform"/> the framework draws the randomness
/// of encapsulations and signatures itself; what a caller gives is not used. SLH-DSA is always ours, as the
/// framework's is still marked as for evaluation; X25519, Ed25519 and Argon2id are always libsodium's.
/// </remarks>
/// <standard>None; the algorithms are those of FIPS 203 and 204 in either case.</standard>
public static class CryptographyPolicy
{
    private static int _provider = (int)CryptographyProvider.Auto;

    /// <summary>What was chosen; Auto if nothing was.</summary>
    public static CryptographyProvider Provider => (CryptographyProvider)Volatile.Read(ref _provider);

    /// <summary>Whether the framework can do both algorithms here.</summary>
    public static bool IsPlatformSupported => MLKem.IsSupported && MLDsa.IsSupported;

    /// <summary>Whether the framework's code is to be used.</summary>
    internal static bool UsesPlatform => Provider == CryptographyProvider.Platform;

    /// <summary>Chooses for the rest of the process.</summary>
    /// <param name="provider">The choice.</param>
    /// <exception cref="PlatformNotSupportedException">The framework's was chosen and is not there.</exception>
    public static void Use(CryptographyProvider provider)
    {
        if (provider == CryptographyProvider.Platform && !IsPlatformSupported)
        {
            throw new PlatformNotSupportedException(
                "The framework has no ML-KEM and ML-DSA here: it needs OpenSSL 3.5 or newer.");
        }

        Volatile.Write(ref _provider, (int)provider);
    }
}
