using System.Buffers.Binary;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Links;

/// <summary>A 16-byte name of something: a message, a request.</summary>
public readonly record struct Digest16 : IComparable<Digest16>
{
    /// <summary>Size in bytes: 16.</summary>
    public const int SizeBytes = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>Takes over 16 bytes.</summary>
    /// <param name="bytes">16 bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public Digest16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ArgumentException($"Expected {SizeBytes} bytes, got {bytes.Length}.", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    /// <summary>A fresh one.</summary>
    /// <param name="random">Where its bytes come from.</param>
    public static Digest16 Random(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[SizeBytes];
        random.Fill(bytes);
        return new Digest16(bytes);
    }

    /// <summary>Writes the 16 bytes.</summary>
    /// <param name="destination">Receives 16 bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    /// <summary>The 16 bytes as a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <param name="text">The digits, upper or lower case.</param>
    /// <param name="value">The value, or default.</param>
    /// <returns>False if the text is anything else.</returns>
    public static bool TryParse(string? text, out Digest16 value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (text is null || text.Length != 2 * SizeBytes
            || Convert.FromHexString(text, bytes, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != SizeBytes)
        {
            return false;
        }

        value = new Digest16(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Digest16 other)
    {
        int order = _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(Digest16 left, Digest16 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(Digest16 left, Digest16 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(Digest16 left, Digest16 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(Digest16 left, Digest16 right) => left.CompareTo(right) >= 0;
}
