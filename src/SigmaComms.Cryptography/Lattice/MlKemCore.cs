using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>ML-KEM for every parameter set. Lengths are checked by the callers.</summary>
/// <remarks>
/// Time and memory access depend on public values only: the encapsulation key, the ciphertext and the parameter set.
/// Secrets stay on the stack and are zeroed on the way out.
/// </remarks>
/// <standard>FIPS 203, sections 5 to 7.</standard>
internal static class MlKemCore
{
    private const int Degree = MlKemRing.Degree;
    private const int SymbolSize = MlKemParameters.SymbolSize;

    /// <summary>The encapsulation key of a seed. Algorithm 16.</summary>
    [SkipLocalsInit]
    public static void DeriveEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        Span<uint> matrix = stackalloc uint[set.Rank * set.Rank * Degree];
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        Span<uint> secret = stackalloc uint[set.Rank * Degree];
        try
        {
            MlKemEncryption.GenerateKey(set, seed[..SymbolSize], matrix, vector, secret, key);
        }
        finally
        {
            Erase(secret);
        }
    }

    /// <summary>The decapsulation key of a seed in its long form. Algorithm 16.</summary>
    [SkipLocalsInit]
    public static void ExpandDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        Span<uint> matrix = stackalloc uint[set.Rank * set.Rank * Degree];
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        Span<uint> secret = stackalloc uint[set.Rank * Degree];
        try
        {
            Span<byte> rest = key[set.VectorSize..];
            Span<byte> encapsulationKey = rest[..set.EncapsulationKeySize];
            MlKemEncryption.GenerateKey(set, seed[..SymbolSize], matrix, vector, secret, encapsulationKey);
            BitPacking.Pack(secret, 12, key[..set.VectorSize]);
            rest = rest[set.EncapsulationKeySize..];
            Sha3.Hash256(encapsulationKey, rest[..SymbolSize]);
            seed[SymbolSize..].CopyTo(rest[SymbolSize..]);
        }
        finally
        {
            Erase(secret);
        }
    }

    /// <summary>Whether every coefficient of the key is below the modulus. Section 7.2.</summary>
    [SkipLocalsInit]
    public static bool IsValidEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key)
    {
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        return TryReadVector(set, key, vector);
    }

    /// <summary>Whether the hash inside the long key is that of the encapsulation key inside. Section 7.3.</summary>
    public static bool IsValidDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SymbolSize];
        ReadOnlySpan<byte> rest = key[set.VectorSize..];
        Sha3.Hash256(rest[..set.EncapsulationKeySize], hash);
        return CryptographicOperations.FixedTimeEquals(hash, rest.Slice(set.EncapsulationKeySize, SymbolSize));
    }

    /// <summary>Encapsulates with given randomness. Algorithms 17 and 20.</summary>
    /// <returns>False, with both outputs zeroed, if the key fails the modulus check.</returns>
    [SkipLocalsInit]
    public static bool TryEncapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<uint> matrix = stackalloc uint[set.Rank * set.Rank * Degree];
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        Span<byte> hash = stackalloc byte[SymbolSize];
        Span<byte> secretAndCoins = stackalloc byte[2 * SymbolSize];
        if (!TryReadVector(set, key, vector))
        {
            CryptographicOperations.ZeroMemory(ciphertext);
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }

        try
        {
            MlKemSampling.ExpandMatrix(set.Rank, key[set.VectorSize..], matrix);
            Sha3.Hash256(key, hash);
            Sha3.HashData(randomness, hash, secretAndCoins);
            MlKemEncryption.Encrypt(set, matrix, vector, randomness, secretAndCoins[SymbolSize..], ciphertext);
            secretAndCoins[..SymbolSize].CopyTo(sharedSecret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretAndCoins);
        }
    }

    /// <summary>Decapsulates with the seed; the long key never exists. Algorithms 16 and 21.</summary>
    [SkipLocalsInit]
    public static void Decapsulate(
        MlKemParameters set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<uint> matrix = stackalloc uint[set.Rank * set.Rank * Degree];
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        Span<uint> secret = stackalloc uint[set.Rank * Degree];
        Span<byte> key = stackalloc byte[set.EncapsulationKeySize];
        Span<byte> hash = stackalloc byte[SymbolSize];
        try
        {
            MlKemEncryption.GenerateKey(set, seed[..SymbolSize], matrix, vector, secret, key);
            Sha3.Hash256(key, hash);
            Recover(set, matrix, vector, secret, hash, seed[SymbolSize..], ciphertext, sharedSecret);
        }
        finally
        {
            Erase(secret);
        }
    }

    /// <summary>Decapsulates with a long key. Algorithm 21 with the checks of section 7.3.</summary>
    /// <returns>False, with the output zeroed, if the key fails the hash check or the modulus check.</returns>
    [SkipLocalsInit]
    public static bool TryDecapsulateExpanded(
        MlKemParameters set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<uint> matrix = stackalloc uint[set.Rank * set.Rank * Degree];
        Span<uint> vector = stackalloc uint[set.Rank * Degree];
        Span<uint> secret = stackalloc uint[set.Rank * Degree];
        ReadOnlySpan<byte> encapsulationKey = key.Slice(set.VectorSize, set.EncapsulationKeySize);
        if (!IsValidDecapsulationKey(set, key) || !TryReadVector(set, encapsulationKey, vector))
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }

        try
        {
            BitPacking.Unpack(key[..set.VectorSize], 12, secret);
            MlKemRing.ReduceAll(secret);
            MlKemSampling.ExpandMatrix(set.Rank, encapsulationKey[set.VectorSize..], matrix);
            ReadOnlySpan<byte> rest = key[(set.VectorSize + set.EncapsulationKeySize)..];
            Recover(
                set, matrix, vector, secret, rest[..SymbolSize], rest[SymbolSize..], ciphertext, sharedSecret);
            return true;
        }
        finally
        {
            Erase(secret);
        }
    }

    // Algorithm 18: decrypts, encrypts again, and by a mask gives the rejection secret if the ciphertexts differ.
    [SkipLocalsInit]
    private static void Recover(
        MlKemParameters set,
        ReadOnlySpan<uint> matrix,
        ReadOnlySpan<uint> vector,
        ReadOnlySpan<uint> secret,
        ReadOnlySpan<byte> keyHash,
        ReadOnlySpan<byte> rejectionKey,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<byte> message = stackalloc byte[SymbolSize];
        Span<byte> secretAndCoins = stackalloc byte[2 * SymbolSize];
        Span<byte> rejection = stackalloc byte[SymbolSize];
        Span<byte> again = stackalloc byte[set.CiphertextSize];
        try
        {
            MlKemEncryption.Decrypt(set, secret, ciphertext, message);
            Sha3.HashData(message, keyHash, secretAndCoins);
            Shake256.HashData(rejectionKey, ciphertext, rejection);
            MlKemEncryption.Encrypt(set, matrix, vector, message, secretAndCoins[SymbolSize..], again);
            Select(DifferenceMask(again, ciphertext), rejection, secretAndCoins, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
            CryptographicOperations.ZeroMemory(secretAndCoins);
            CryptographicOperations.ZeroMemory(rejection);
            CryptographicOperations.ZeroMemory(again);
        }
    }

    private static bool TryReadVector(MlKemParameters set, ReadOnlySpan<byte> key, Span<uint> vector)
    {
        BitPacking.Unpack(key[..set.VectorSize], 12, vector);
        uint tooLarge = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            tooLarge |= (MlKemRing.Modulus - 1 - vector[i]) >> 31;
        }

        return tooLarge == 0;
    }

    // 0xFF if the inputs differ anywhere, else 0; no branch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint DifferenceMask(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        left = left[..right.Length];
        uint different = 0;
        for (int i = 0; i < right.Length; i++)
        {
            different |= (uint)(left[i] ^ right[i]);
        }

        return ~((different - 1) >> 24) & 0xFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Select(
        uint mask, ReadOnlySpan<byte> whenSet, ReadOnlySpan<byte> whenClear, Span<byte> selected)
    {
        for (int i = 0; i < selected.Length; i++)
        {
            selected[i] = (byte)(whenClear[i] ^ (mask & (uint)(whenClear[i] ^ whenSet[i])));
        }
    }

    private static void Erase(Span<uint> secret) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(secret));
}
