using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// A name in a directory: 1 to 255 bytes of UTF-8 without NUL and '/', and neither "." nor "..". Names are equal when
/// their bytes are.
/// </summary>
public readonly struct EntryName : IEquatable<EntryName>
{
    /// <summary>The longest: 255 bytes.</summary>
    public const int SizeBytesMax = 255;

    private readonly byte[]? _bytes;

    internal EntryName(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    internal byte[] Array => _bytes ?? [];

    /// <summary>Takes over a name.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="name">The name, or default.</param>
    /// <returns>False unless they are a name.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out EntryName name)
    {
        bool good = IsName(bytes);
        name = good ? new EntryName(bytes.ToArray()) : default;
        return good;
    }

    /// <summary>A name from text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static EntryName Of(string text) => TryCreate(Encoding.UTF8.GetBytes(text), out EntryName name)
        ? name
        : throw new ArgumentException("A name has 1 to 255 bytes of UTF-8, no '/' or NUL, and is not '.' or '..'.");

    /// <summary>Whether bytes are a name.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    public static bool IsName(ReadOnlySpan<byte> bytes) =>
        bytes.Length is >= 1 and <= SizeBytesMax
        && !bytes.ContainsAny((byte)0, (byte)'/')
        && !bytes.SequenceEqual("."u8)
        && !bytes.SequenceEqual(".."u8)
        && Utf8.IsValid(bytes);

    /// <inheritdoc/>
    public bool Equals(EntryName other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EntryName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The name as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(EntryName left, EntryName right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(EntryName left, EntryName right) => !left.Equals(right);

    internal static EntryName Read(ref WireReader reader)
    {
        if (!TryCreate(reader.Opaque8(), out EntryName name))
        {
            reader.Fail();
        }

        return name;
    }
}
