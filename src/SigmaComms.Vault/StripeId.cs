using System.Buffers.Binary;

namespace SigmaComms.Vault;

/// <summary>The name of a stripe: 16 random bytes, used once. It says nothing about the file.</summary>
public readonly record struct StripeId : IComparable<StripeId>
{
    /// <summary>Size in bytes: 16.</summary>
    public const int SizeBytes = 16;

    private readonly UInt128 _value;

    /// <summary>Takes over 16 bytes.</summary>
    /// <param name="bytes">16 bytes.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public StripeId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ArgumentException("A stripe's id has 16 bytes.", nameof(bytes));
        }

        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Writes the 16 bytes.</summary>
    /// <param name="destination">Receives 16 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is shorter.</exception>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <inheritdoc/>
    public int CompareTo(StripeId other) => _value.CompareTo(other._value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => _value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(StripeId left, StripeId right) => left._value < right._value;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(StripeId left, StripeId right) => left._value > right._value;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(StripeId left, StripeId right) => left._value <= right._value;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(StripeId left, StripeId right) => left._value >= right._value;
}
