using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>A decapsulation key of any parameter set, expanded once; with its seed if it came from one.</summary>
/// <standard>FIPS 203, sections 7.1 and 7.3.</standard>
internal sealed unsafe class MlKemSecretKey : IDisposable
{
    private readonly MlKemParameters _set;
    private readonly SecretBytes _seed;
    private readonly SecretBytes _key;
    private readonly byte[] _memory;

    private MlKemSecretKey(MlKemParameters set, ReadOnlySpan<byte> seed)
    {
        _set = set;
        _seed = new SecretBytes(seed);
        _key = new SecretBytes(set.DecapsulationKeySize);
        _memory = GC.AllocateArray<byte>(MlKemExpansion.SizeBytes(set.Rank), pinned: true);
    }

    /// <summary>Whether the seed is known.</summary>
    public bool HasSeed => _seed.Length == MlKemParameters.SeedSize;

    // The memory is pinned for as long as this object lives.
    private MlKemExpansion Parts => new((byte*)Unsafe.AsPointer(ref _memory[0]), _set.Rank);

    /// <summary>A new key.</summary>
    public static MlKemSecretKey Generate(MlKemParameters set)
    {
        Span<byte> seed = stackalloc byte[MlKemParameters.SeedSize];
        try
        {
            RandomNumberGenerator.Fill(seed);
            return FromSeed(set, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The key of a seed.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">64 secret bytes.</param>
    public static MlKemSecretKey FromSeed(MlKemParameters set, ReadOnlySpan<byte> seed)
    {
        Size.Require(seed, MlKemParameters.SeedSize);
        MlKemSecretKey key = new(set, seed);
        MlKemPath.Chosen.ExpandDecapsulationKey(set, seed, key._key.Span);
        MlKemPath.Chosen.ExpandPrivate(set, key._key.Span, key.Parts);
        return key;
    }

    /// <summary>Takes a key in the long form in.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="bytes">Untrusted bytes of any length.</param>
    /// <param name="key">The key, or null.</param>
    /// <returns>False if the length is wrong or the key fails the hash check or the modulus check.</returns>
    public static bool TryImport(
        MlKemParameters set, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MlKemSecretKey? key)
    {
        key = null;
        if (bytes.Length != set.DecapsulationKeySize
            || !MlKemCore.IsValidDecapsulationKey(set, bytes)
            || !MlKemPath.Chosen.IsValidEncapsulationKey(set, bytes.Slice(set.VectorSize, set.EncapsulationKeySize)))
        {
            return false;
        }

        key = new MlKemSecretKey(set, default);
        bytes.CopyTo(key._key.Span);
        MlKemPath.Chosen.ExpandPrivate(set, bytes, key.Parts);
        return true;
    }

    /// <summary>Gives the seed.</summary>
    /// <exception cref="InvalidOperationException">The key came in the long form.</exception>
    public void ExportSeed(Span<byte> seed)
    {
        Size.Require(seed, MlKemParameters.SeedSize);
        if (!HasSeed)
        {
            throw new InvalidOperationException("The seed of a key in the long form is not known.");
        }

        _seed.Span.CopyTo(seed);
    }

    /// <summary>Gives the long form.</summary>
    public void Export(Span<byte> key)
    {
        Size.Require(key, _set.DecapsulationKeySize);
        _key.Span.CopyTo(key);
    }

    /// <summary>Gives the encapsulation key.</summary>
    public void ExportEncapsulationKey(Span<byte> key)
    {
        Size.Require(key, _set.EncapsulationKeySize);
        _key.Span.Slice(_set.VectorSize, _set.EncapsulationKeySize).CopyTo(key);
    }

    /// <summary>Recovers the secret.</summary>
    public void Decapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(ciphertext, _set.CiphertextSize);
        Size.Require(sharedSecret, MlKemParameters.SymbolSize);
        MlKemPath.Chosen.Decapsulate(_set, _key.Span, Parts, ciphertext, sharedSecret);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _seed.Dispose();
        _key.Dispose();
        CryptographicOperations.ZeroMemory(_memory);
    }
}
