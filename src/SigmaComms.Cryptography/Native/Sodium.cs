using System.Reflection;
using System.Runtime.InteropServices;

namespace SigmaComms.Cryptography.Native;

/// <summary>The functions of libsodium that are used here, and where the library is found.</summary>
/// <remarks>
/// Debian and its like name the library libsodium.so.23 (package libsodium23); other systems libsodium. Every function
/// declared here may be called from any thread once <see cref="Require"/> has returned.
/// </remarks>
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    private static readonly string[] FileNames = ["libsodium.so.23", "libsodium"];

    private static readonly Lazy<nint> Handle = new(() => Load(FileNames));
    private static readonly Lazy<int> Initialized = new(Initialize);

    static Sodium() => NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);

    /// <summary>Loads the library once; call it before any other function.</summary>
    /// <exception cref="DllNotFoundException">It is not installed; the message says what to install.</exception>
    public static void Require()
    {
        _ = Handle.Value;
        Invariant.Holds(Initialized.Value >= 0);
    }

    /// <summary>X25519 with the base point.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519_base")]
    public static partial int ScalarMultiplyBase(byte* result, byte* scalar);

    /// <summary>X25519; not 0 if the result is all zero.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519")]
    public static partial int ScalarMultiply(byte* result, byte* scalar, byte* point);

    /// <summary>Ed25519 key pair of a seed; the secret key is seed | public key.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    public static partial int SigningKeyPair(byte* publicKey, byte* secretKey, byte* seed);

    /// <summary>Ed25519 signature.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_detached")]
    public static partial int Sign(
        byte* signature, ulong* signatureSize, byte* message, ulong messageSize, byte* secretKey);

    /// <summary>Ed25519 verification; 0 if the signature is good.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    public static partial int Verify(byte* signature, byte* message, ulong messageSize, byte* publicKey);

    /// <summary>Argon2id with one lane; not 0 if the memory cannot be had.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_pwhash_argon2id")]
    public static partial int HashPassword(
        byte* key,
        ulong keySize,
        byte* password,
        ulong passwordSize,
        byte* salt,
        ulong passes,
        nuint memoryBytes,
        int algorithm);

    /// <summary>XChaCha20-Poly1305; ciphertext | tag.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_encrypt")]
    public static partial int SealXChaCha(
        byte* ciphertext,
        ulong* ciphertextSize,
        byte* plaintext,
        ulong plaintextSize,
        byte* associatedData,
        ulong associatedDataSize,
        byte* unused,
        byte* nonce,
        byte* key);

    /// <summary>XChaCha20-Poly1305; not 0 if anything was changed.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_aead_xchacha20poly1305_ietf_decrypt")]
    public static partial int OpenXChaCha(
        byte* plaintext,
        ulong* plaintextSize,
        byte* unused,
        byte* ciphertext,
        ulong ciphertextSize,
        byte* associatedData,
        ulong associatedDataSize,
        byte* nonce,
        byte* key);

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialize();

    /// <summary>Loads the first library of these names that there is.</summary>
    /// <param name="fileNames">Names to try.</param>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    internal static nint Load(params ReadOnlySpan<string> fileNames)
    {
        foreach (string name in fileNames)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"libsodium was not found (tried {string.Join(" and ", fileNames)}). "
            + "On Debian and Ubuntu: sudo apt-get install libsodium23.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? Handle.Value : 0;
}
