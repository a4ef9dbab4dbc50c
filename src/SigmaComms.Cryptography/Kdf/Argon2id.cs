using System.Security.Cryptography;
using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography.Kdf;

/// <summary>Keys from passwords by Argon2id with one lane, by libsodium.</summary>
/// <remarks>
/// The first half of the first pass reads memory independently of the password, the rest does not: that is the
/// standard's trade. Safe to call from any thread. Throws <see cref="DllNotFoundException"/> where libsodium is not
/// installed.
/// </remarks>
/// <standard>RFC 9106, version 0x13, p = 1, without secret and associated data.</standard>
public static unsafe class Argon2id
{
    /// <summary>Size of a salt: 16 bytes.</summary>
    public const int SaltSize = 16;

    /// <summary>The shortest key: 16 bytes.</summary>
    public const int KeySizeMin = 16;

    private const int Algorithm = 2;

    /// <summary>Derives a key.</summary>
    /// <param name="password">Secret bytes, any number.</param>
    /// <param name="salt">16 random bytes, stored beside what the key protects.</param>
    /// <param name="cost">Memory and passes.</param>
    /// <param name="key">Receives at least 16 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A length or the cost is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">The memory cannot be had; the key is zeroed.</exception>
    public static void DeriveKey(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Cost cost, Span<byte> key)
    {
        Size.Require(salt, SaltSize);
        if (!cost.IsValid)
        {
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "The cost is out of range.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeySizeMin, nameof(key));
        Sodium.Require();
        nuint memoryBytes = (nuint)cost.MemoryMiB * 1024 * 1024;
        int status;
        fixed (byte* output = key, secret = password, random = salt)
        {
            byte none = 0;
            byte* input = secret is null ? &none : secret;
            status = Sodium.HashPassword(
                output,
                (ulong)key.Length,
                input,
                (ulong)password.Length,
                random,
                (ulong)cost.Passes,
                memoryBytes,
                Algorithm);
        }

        if (status != 0)
        {
            CryptographicOperations.ZeroMemory(key);
            throw new InsufficientMemoryException($"Argon2id could not get its {cost.MemoryMiB} MiB of memory.");
        }
    }
}
