using System.Buffers.Binary;
using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography;

/// <summary>A 32-byte hash value that compares and sorts by its bytes.</summary>
/// <standard>FIPS 180-4 (SHA-256).</standard>
public readonly record struct Digest : IComparable<Digest>
{
    /// <summary>Size in bytes: 32.</summary>
    public const int SizeBytes = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Takes over 32 bytes.</summary>
    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public Digest(ReadOnlySpan<byte> bytes)
    {
        Size.Require(bytes, SizeBytes);
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The SHA-256 hash of the data.</summary>
    /// <param name="data">Any number of bytes.</param>
    public static Digest Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        ShortSha256.Hash(data, hash);
        return new Digest(hash);
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">Receives 32 bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes as a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="text">The digits, upper or lower case.</param>
    /// <param name="digest">The value, or default.</param>
    /// <returns>False if the text is anything else.</returns>
    public static bool TryParse(string? text, out Digest digest)
    {
        digest = default;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (text is null || text.Length != 2 * SizeBytes
            || Convert.FromHexString(text, bytes, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != SizeBytes)
        {
            return false;
        }

        digest = new Digest(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other)
    {
        int order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;
}
