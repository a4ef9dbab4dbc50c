using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>ML-KEM on vectors of one width.</summary>
/// <remarks>
/// Time and memory access depend on public values only: the encapsulation key, the ciphertext and the parameter set.
/// Secrets stay on the stack, or in an expansion that its owner erases, and are zeroed on the way out.
/// </remarks>
/// <standard>FIPS 203, sections 6 and 7.</standard>
internal sealed unsafe class MlKemVectorPath<TVector, TOps> : MlKemPath
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    private const int SymbolSize = MlKemParameters.SymbolSize;

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void DeriveEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        byte* memory = stackalloc byte[MlKemExpansion.SizeBytes(set.Rank)];
        MlKemExpansion parts = new(memory, set.Rank);
        MlKemPassenger none = default;
        try
        {
            GenerateKey(set, seed, parts, key, ref none);
        }
        finally
        {
            parts.Erase();
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void ExpandDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        byte* memory = stackalloc byte[MlKemExpansion.SizeBytes(set.Rank)];
        MlKemExpansion parts = new(memory, set.Rank);
        MlKemPassenger none = default;
        try
        {
            Span<byte> rest = key[set.VectorSize..];
            Span<byte> encapsulationKey = rest[..set.EncapsulationKeySize];
            GenerateKey(set, seed, parts, encapsulationKey, ref none);
            for (int i = 0; i < set.Rank; i++)
            {
                short* row = parts.Secret + (i * MlKemRing.Degree);
                MlKemVectorEncryption<TVector, TOps>.PackRow(row, key.Slice(i * 384, 384));
            }

            rest = rest[set.EncapsulationKeySize..];
            Sha3.Hash256(encapsulationKey, rest[..SymbolSize]);
            seed[SymbolSize..].CopyTo(rest[SymbolSize..]);
        }
        finally
        {
            parts.Erase();
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override bool IsValidEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key)
    {
        short* vector = stackalloc short[set.Rank * MlKemRing.Degree];
        return MlKemVectorEncryption<TVector, TOps>.TryReadVector(key, set.Rank, vector);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override bool TryEncapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        byte* memory = stackalloc byte[MlKemExpansion.SizeBytes(set.Rank)];
        MlKemExpansion parts = new(memory, set.Rank);
        if (!TryExpand(set, key, parts))
        {
            CryptographicOperations.ZeroMemory(ciphertext);
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }

        Encapsulate(set, key, parts, randomness, ciphertext, sharedSecret);
        return true;
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Decapsulate(
        MlKemParameters set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        byte* memory = stackalloc byte[MlKemExpansion.SizeBytes(set.Rank)];
        MlKemExpansion parts = new(memory, set.Rank);
        Span<byte> key = stackalloc byte[set.EncapsulationKeySize];
        MlKemPassenger reject = MlKemPassenger.Reject(seed[SymbolSize..], ciphertext, parts.RejectionSpan);
        try
        {
            GenerateKey(set, seed, parts, key, ref reject);
            Sha3.Hash256(key, parts.HashSpan);
            Recover(set, parts, parts.RejectionSpan, ciphertext, sharedSecret);
        }
        finally
        {
            parts.Erase();
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override bool TryDecapsulateExpanded(
        MlKemParameters set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        byte* memory = stackalloc byte[MlKemExpansion.SizeBytes(set.Rank)];
        MlKemExpansion parts = new(memory, set.Rank);
        ReadOnlySpan<byte> encapsulationKey = key.Slice(set.VectorSize, set.EncapsulationKeySize);
        ReadOnlySpan<byte> rest = key[(set.VectorSize + set.EncapsulationKeySize)..];
        MlKemPassenger hash = MlKemPassenger.HashKey(encapsulationKey, parts.HashSpan);
        MlKemPassenger reject = MlKemPassenger.Reject(rest[SymbolSize..], ciphertext, parts.RejectionSpan);
        try
        {
            ExpandMatrix(set, encapsulationKey, parts, ref hash, ref reject);
            bool valid = MlKemVectorEncryption<TVector, TOps>.TryReadVector(encapsulationKey, set.Rank, parts.Vector);
            valid &= CryptographicOperations.FixedTimeEquals(parts.HashSpan, rest[..SymbolSize]);
            if (!valid)
            {
                CryptographicOperations.ZeroMemory(sharedSecret);
                return false;
            }

            ReadSecret(set, key, parts);
            Recover(set, parts, parts.RejectionSpan, ciphertext, sharedSecret);
            return true;
        }
        finally
        {
            parts.Erase();
        }
    }

    /// <inheritdoc/>
    public override bool TryExpand(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts)
    {
        MlKemPassenger hash = MlKemPassenger.HashKey(key, parts.HashSpan);
        MlKemPassenger none = default;
        if (!MlKemVectorEncryption<TVector, TOps>.TryReadVector(key, set.Rank, parts.Vector))
        {
            return false;
        }

        ExpandMatrix(set, key, parts, ref hash, ref none);
        return true;
    }

    /// <inheritdoc/>
    public override void ExpandPrivate(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts)
    {
        Invariant.Holds(TryExpand(set, key.Slice(set.VectorSize, set.EncapsulationKeySize), parts));
        ReadSecret(set, key, parts);
        key[^SymbolSize..].CopyTo(parts.RejectionSpan);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Encapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<byte> secretAndCoins = stackalloc byte[2 * SymbolSize];
        try
        {
            Sha3.HashData(randomness, parts.HashSpan, secretAndCoins);
            MlKemVectorEncryption<TVector, TOps>.Encrypt(
                set, parts, randomness, secretAndCoins[SymbolSize..], ciphertext);
            secretAndCoins[..SymbolSize].CopyTo(sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secretAndCoins);
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Decapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<byte> rejection = stackalloc byte[SymbolSize];
        try
        {
            Hashing.Shake256.HashData(parts.RejectionSpan, ciphertext, rejection);
            Recover(set, parts, rejection, ciphertext, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rejection);
        }
    }

    private static void GenerateKey(
        MlKemParameters set,
        scoped ReadOnlySpan<byte> seed,
        MlKemExpansion parts,
        scoped Span<byte> key,
        ref MlKemPassenger passenger) =>
        MlKemVectorEncryption<TVector, TOps>.GenerateKey(set, seed[..SymbolSize], parts, key, ref passenger);

    private static void ExpandMatrix(
        MlKemParameters set,
        scoped ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ref MlKemPassenger first,
        ref MlKemPassenger second) =>
        MlKemLanes<TVector, TOps>.ExpandMatrix(set.Rank, key[set.VectorSize..], parts.Matrix, ref first, ref second);

    // A long key from elsewhere may hold coefficients that are not canonical; what they mean is not in doubt.
    private static void ReadSecret(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts)
    {
        _ = MlKemVectorEncryption<TVector, TOps>.TryReadVector(key, set.Rank, parts.Secret);
        for (int i = 0; i < set.Rank; i++)
        {
            MlKemTransform<TVector, TOps>.ReduceAll(parts.Secret + (i * MlKemRing.Degree));
        }
    }

    // Algorithm 18: decrypts, encrypts again, and by a mask gives the rejection secret if the ciphertexts differ.
    [SkipLocalsInit]
    private static void Recover(
        MlKemParameters set,
        MlKemExpansion parts,
        ReadOnlySpan<byte> rejection,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        Span<byte> message = stackalloc byte[SymbolSize];
        Span<byte> secretAndCoins = stackalloc byte[2 * SymbolSize];
        Span<byte> again = stackalloc byte[set.CiphertextSize];
        try
        {
            MlKemVectorEncryption<TVector, TOps>.Decrypt(set, parts, ciphertext, message);
            Sha3.HashData(message, parts.HashSpan, secretAndCoins);
            MlKemVectorEncryption<TVector, TOps>.Encrypt(set, parts, message, secretAndCoins[SymbolSize..], again);
            Select(again, ciphertext, secretAndCoins[..SymbolSize], rejection, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
            CryptographicOperations.ZeroMemory(secretAndCoins);
            CryptographicOperations.ZeroMemory(again);
        }
    }

    // Gives one of two secrets, by whether two texts are equal; no branch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Select(
        ReadOnlySpan<byte> left,
        ReadOnlySpan<byte> right,
        ReadOnlySpan<byte> whenEqual,
        ReadOnlySpan<byte> whenDifferent,
        Span<byte> selected)
    {
        Invariant.Holds(left.Length == right.Length && left.Length % Vector128<byte>.Count == 0);
        Vector128<byte> difference = Vector128<byte>.Zero;
        for (int i = 0; i < left.Length; i += Vector128<byte>.Count)
        {
            difference |= Vector128.Create(left.Slice(i, 16)) ^ Vector128.Create(right.Slice(i, 16));
        }

        Vector128<ulong> halves = difference.AsUInt64();
        ulong any = halves.GetElement(0) | halves.GetElement(1);
        Vector128<byte> mask = Vector128.Create(0UL - ((any | (0UL - any)) >> 63)).AsByte();
        for (int i = 0; i < SymbolSize; i += Vector128<byte>.Count)
        {
            Vector128<byte> equal = Vector128.Create(whenEqual.Slice(i, 16));
            Vector128<byte> different = Vector128.Create(whenDifferent.Slice(i, 16));
            (equal ^ (mask & (equal ^ different))).CopyTo(selected[i..]);
        }
    }
}
