using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>One hash function: its name, its sizes and what it does, the same way for all.</summary>
/// <remarks>
/// Time and memory access depend on lengths only. Instances hold no state and are safe to use from any thread.
/// </remarks>
/// <standard>FIPS 180-4 (SHA-2), FIPS 202 (SHA-3 and SHAKE).</standard>
public sealed class HashFunction
{
    private readonly Hasher _hash;

    private HashFunction(string name, int outputSize, int blockSize, Hasher hash, bool isExtendable = false)
    {
        Name = name;
        OutputSize = outputSize;
        BlockSize = blockSize;
        IsExtendable = isExtendable;
        _hash = hash;
    }

    private delegate void Hasher(ReadOnlySpan<byte> data, Span<byte> output);

    /// <summary>SHA-224.</summary>
    public static HashFunction Sha224 { get; } = new("SHA-224", 28, 64, Hashing.Sha224.HashData);

    /// <summary>SHA-256, by the framework.</summary>
    public static HashFunction Sha256 { get; } = new("SHA-256", 32, 64, static (d, o) => SHA256.HashData(d, o));

    /// <summary>SHA-384, by the framework.</summary>
    public static HashFunction Sha384 { get; } = new("SHA-384", 48, 128, static (d, o) => SHA384.HashData(d, o));

    /// <summary>SHA-512, by the framework.</summary>
    public static HashFunction Sha512 { get; } = new("SHA-512", 64, 128, static (d, o) => SHA512.HashData(d, o));

    /// <summary>SHA-512/224.</summary>
    public static HashFunction Sha512Cut224 { get; } = new("SHA-512/224", 28, 128, Sha512Cut.HashData);

    /// <summary>SHA-512/256.</summary>
    public static HashFunction Sha512Cut256 { get; } = new("SHA-512/256", 32, 128, Sha512Cut.HashData);

    /// <summary>SHA3-224.</summary>
    public static HashFunction Sha3Of224 { get; } = OfSha3("SHA3-224", 28);

    /// <summary>SHA3-256.</summary>
    public static HashFunction Sha3Of256 { get; } = OfSha3("SHA3-256", 32);

    /// <summary>SHA3-384.</summary>
    public static HashFunction Sha3Of384 { get; } = OfSha3("SHA3-384", 48);

    /// <summary>SHA3-512.</summary>
    public static HashFunction Sha3Of512 { get; } = OfSha3("SHA3-512", 64);

    /// <summary>SHAKE128; 32 bytes where nobody says how many.</summary>
    public static HashFunction Shake128 { get; } =
        new("SHAKE128", 32, KeccakSponge.Shake128Rate, Hashing.Shake128.HashData, isExtendable: true);

    /// <summary>SHAKE256; 64 bytes where nobody says how many.</summary>
    public static HashFunction Shake256 { get; } =
        new("SHAKE256", 64, KeccakSponge.Shake256Rate, Hashing.Shake256.HashData, isExtendable: true);

    /// <summary>The name by which the standard calls it.</summary>
    public string Name { get; }

    /// <summary>Size of a hash in bytes; of an extendable one the size that gives it its full strength.</summary>
    public int OutputSize { get; }

    /// <summary>Bytes that it takes in at a time.</summary>
    public int BlockSize { get; }

    /// <summary>Whether it gives as many bytes as are asked for.</summary>
    public bool IsExtendable { get; }

    /// <summary>Hashes.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="output">Receives <see cref="OutputSize"/> bytes; any number if it is extendable.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public void HashData(ReadOnlySpan<byte> data, Span<byte> output)
    {
        if (!IsExtendable)
        {
            Size.Require(output, OutputSize);
        }

        _hash(data, output);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static HashFunction OfSha3(string name, int size) =>
        new(name, size, 200 - (2 * size), static (data, output) => Sha3.HashData(data, default, output));
}
