using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Kem;

/// <summary>A private ML-KEM-512 key, checked and expanded once, to decapsulate many times.</summary>
/// <remarks>
/// Keep and move it as its seed. Holds about 6 KiB of pinned memory that is zeroed when it is disposed. Time and
/// memory access do not depend on secrets. Safe to use from any thread, but not while it is being disposed.
/// </remarks>
/// <standard>FIPS 203, sections 7.1 and 7.3; sizes from table 3.</standard>
public sealed class MlKem512DecapsulationKey : IDisposable
{
    private readonly MlKemSecretKey _key;

    private MlKem512DecapsulationKey(MlKemSecretKey key) => _key = key;

    /// <summary>Whether the seed is known: not for a key that came in the long form.</summary>
    public bool HasSeed => _key.HasSeed;

    /// <summary>Makes a new key.</summary>
    public static MlKem512DecapsulationKey Generate() => new(MlKemSecretKey.Generate(MlKemParameters.MlKem512));

    /// <summary>The key of a seed.</summary>
    /// <param name="seed">64 secret random bytes, d | z; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public static MlKem512DecapsulationKey FromSeed(ReadOnlySpan<byte> seed) =>
        new(MlKemSecretKey.FromSeed(MlKemParameters.MlKem512, seed));

    /// <summary>Takes a key in the standard's long form in.</summary>
    /// <param name="decapsulationKey">Bytes of any length, perhaps from elsewhere.</param>
    /// <param name="key">The key, to be disposed, or null.</param>
    /// <returns>False if the length is not 1632 bytes or the key fails the hash check or the modulus check.</returns>
    public static bool TryImport(
        ReadOnlySpan<byte> decapsulationKey, [NotNullWhen(true)] out MlKem512DecapsulationKey? key)
    {
        bool valid = MlKemSecretKey.TryImport(MlKemParameters.MlKem512, decapsulationKey, out MlKemSecretKey? inner);
        key = inner is null ? null : new MlKem512DecapsulationKey(inner);
        return valid;
    }

    /// <summary>Gives the seed, the form to keep.</summary>
    /// <param name="seed">Receives 64 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    /// <exception cref="InvalidOperationException">The key came in the long form.</exception>
    public void ExportSeed(Span<byte> seed) => _key.ExportSeed(seed);

    /// <summary>Gives the standard's long form.</summary>
    /// <param name="decapsulationKey">Receives 1632 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public void ExportDecapsulationKey(Span<byte> decapsulationKey) => _key.Export(decapsulationKey);

    /// <summary>Gives the encapsulation key that belongs to it.</summary>
    /// <param name="encapsulationKey">Receives 800 bytes.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public void ExportEncapsulationKey(Span<byte> encapsulationKey) => _key.ExportEncapsulationKey(encapsulationKey);

    /// <summary>Recovers the secret. A false ciphertext gives a secret that nobody else has, and no error.</summary>
    /// <param name="ciphertext">768 bytes from the peer; untrusted.</param>
    /// <param name="sharedSecret">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Decapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) =>
        _key.Decapsulate(ciphertext, sharedSecret);

    /// <summary>Zeroes the key. May be called twice.</summary>
    public void Dispose() => _key.Dispose();
}
