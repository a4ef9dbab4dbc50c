using System.Buffers.Binary;

namespace SigmaComms.Cryptography.Encoding;

/// <summary>
/// Reads the TLS presentation language from untrusted bytes. It never throws: after the first thing that does not
/// fit, <see cref="Failed"/> stays true and every read gives zero or empty. Check <see cref="AtEnd"/> once at the end.
/// </summary>
/// <standard>RFC 8446, section 3 (presentation language); big-endian integers, length-prefixed vectors.</standard>
public ref struct WireReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        Failed = false;
    }

    /// <summary>Whether any read did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether all was read, exactly and without failure.</summary>
    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Makes the reader fail, for a value that is well formed but not allowed.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    /// <summary>Reads one byte.</summary>
    public byte U8()
    {
        ReadOnlySpan<byte> bytes = Fixed(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>Reads two bytes, big-endian.</summary>
    public ushort U16()
    {
        ReadOnlySpan<byte> bytes = Fixed(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Reads three bytes, big-endian.</summary>
    public int U24()
    {
        ReadOnlySpan<byte> bytes = Fixed(3);
        return bytes.IsEmpty ? 0 : (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
    }

    /// <summary>Reads four bytes, big-endian.</summary>
    public uint U32()
    {
        ReadOnlySpan<byte> bytes = Fixed(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Reads eight bytes, big-endian.</summary>
    public ulong U64()
    {
        ReadOnlySpan<byte> bytes = Fixed(8);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Reads one byte that must be 0 or 1.</summary>
    public bool Flag()
    {
        byte value = U8();
        if (value > 1)
        {
            Fail();
        }

        return value == 1;
    }

    /// <summary>Reads a fixed number of bytes; empty on failure.</summary>
    /// <param name="sizeBytes">How many.</param>
    public ReadOnlySpan<byte> Fixed(int sizeBytes)
    {
        if (Failed || sizeBytes < 0 || sizeBytes > _rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..sizeBytes];
        _rest = _rest[sizeBytes..];
        return taken;
    }

    /// <summary>Reads a 32-byte digest.</summary>
    public Digest Digest()
    {
        ReadOnlySpan<byte> bytes = Fixed(Cryptography.Digest.SizeBytes);
        return bytes.IsEmpty ? default : new Digest(bytes);
    }

    /// <summary>Reads a vector with a one-byte length.</summary>
    /// <param name="maxBytes">The longest that is allowed.</param>
    public ReadOnlySpan<byte> Opaque8(int maxBytes = byte.MaxValue) => Limited(U8(), maxBytes);

    /// <summary>Reads a vector with a two-byte length.</summary>
    /// <param name="maxBytes">The longest that is allowed.</param>
    public ReadOnlySpan<byte> Opaque16(int maxBytes = ushort.MaxValue) => Limited(U16(), maxBytes);

    /// <summary>Reads a vector with a three-byte length.</summary>
    /// <param name="maxBytes">The longest that is allowed.</param>
    public ReadOnlySpan<byte> Opaque24(int maxBytes) => Limited((uint)U24(), maxBytes);

    /// <summary>Reads a vector with a four-byte length.</summary>
    /// <param name="maxBytes">The longest that is allowed.</param>
    public ReadOnlySpan<byte> Opaque32(int maxBytes) => Limited(U32(), maxBytes);

    /// <summary>Reads all that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Fixed(_rest.Length);

    private ReadOnlySpan<byte> Limited(uint sizeBytes, int maxBytes)
    {
        if (sizeBytes > (uint)maxBytes)
        {
            Fail();
            return default;
        }

        return Fixed((int)sizeBytes);
    }
}
