using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An encapsulation key of any parameter set, checked and expanded once.</summary>
/// <standard>FIPS 203, sections 7.1 and 7.2.</standard>
internal sealed unsafe class MlKemPublicKey
{
    private readonly MlKemParameters _set;
    private readonly byte[] _key;
    private readonly byte[] _memory;

    private MlKemPublicKey(MlKemParameters set, byte[] key)
    {
        _set = set;
        _key = key;
        _memory = GC.AllocateArray<byte>(MlKemExpansion.SizeBytes(set.Rank), pinned: true);
    }

    /// <summary>The key's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _key;

    // The memory is pinned for as long as this object lives.
    private MlKemExpansion Parts => new((byte*)Unsafe.AsPointer(ref _memory[0]), _set.Rank);

    /// <summary>Takes a key in.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="bytes">Untrusted bytes of any length.</param>
    /// <param name="key">The key, or null.</param>
    /// <returns>False if the length is wrong or the key fails the modulus check.</returns>
    public static bool TryImport(
        MlKemParameters set, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MlKemPublicKey? key)
    {
        key = bytes.Length == set.EncapsulationKeySize ? new MlKemPublicKey(set, bytes.ToArray()) : null;
        if (key is null || !MlKemPath.Chosen.TryExpand(set, bytes, key.Parts))
        {
            key = null;
            return false;
        }

        return true;
    }

    /// <summary>Encapsulates with fresh randomness.</summary>
    public void Encapsulate(Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        Span<byte> randomness = stackalloc byte[MlKemParameters.SymbolSize];
        try
        {
            RandomNumberGenerator.Fill(randomness);
            Encapsulate(randomness, ciphertext, sharedSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Encapsulates with given randomness.</summary>
    public void Encapsulate(ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Span<byte> sharedSecret)
    {
        Size.Require(randomness, MlKemParameters.SymbolSize);
        Size.Require(ciphertext, _set.CiphertextSize);
        Size.Require(sharedSecret, MlKemParameters.SymbolSize);
        MlKemPath.Chosen.Encapsulate(_set, _key, Parts, randomness, ciphertext, sharedSecret);
        GC.KeepAlive(this);
    }
}
