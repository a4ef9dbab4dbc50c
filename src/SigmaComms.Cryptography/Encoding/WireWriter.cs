using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Encoding;

/// <summary>Writes the TLS presentation language: the encoding of all that is signed, hashed or sent.</summary>
/// <standard>RFC 8446, section 3 (presentation language); big-endian integers, length-prefixed vectors.</standard>
public sealed class WireWriter
{
    private byte[] _buffer;

    /// <summary>Starts empty.</summary>
    /// <param name="capacityBytes">Room to start with; it grows.</param>
    public WireWriter(int capacityBytes = 256) => _buffer = new byte[capacityBytes];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Writes one byte.</summary>
    /// <param name="value">The byte.</param>
    public WireWriter U8(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    /// <summary>Writes two bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    public WireWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    /// <summary>Writes three bytes, big-endian.</summary>
    /// <param name="value">0 to 2^24 - 1.</param>
    public WireWriter U24(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0xFFFFFF);
        Span<byte> bytes = Take(3);
        bytes[0] = (byte)(value >> 16);
        bytes[1] = (byte)(value >> 8);
        bytes[2] = (byte)value;
        return this;
    }

    /// <summary>Writes four bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    public WireWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    /// <summary>Writes eight bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    public WireWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        return this;
    }

    /// <summary>Writes 0 or 1 in one byte.</summary>
    /// <param name="value">The flag.</param>
    public WireWriter Flag(bool value) => U8(value ? (byte)1 : (byte)0);

    /// <summary>Writes the bytes without a length.</summary>
    /// <param name="bytes">The bytes; the reader must know their number.</param>
    public WireWriter Fixed(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>Writes the 32 bytes of a digest.</summary>
    /// <param name="digest">The digest.</param>
    public WireWriter Digest(Digest digest)
    {
        digest.CopyTo(Take(Cryptography.Digest.SizeBytes));
        return this;
    }

    /// <summary>Writes a vector with a one-byte length.</summary>
    /// <param name="bytes">At most 255 bytes.</param>
    public WireWriter Opaque8(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, byte.MaxValue);
        return U8((byte)bytes.Length).Fixed(bytes);
    }

    /// <summary>Writes a vector with a two-byte length.</summary>
    /// <param name="bytes">At most 65,535 bytes.</param>
    public WireWriter Opaque16(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, ushort.MaxValue);
        return U16((ushort)bytes.Length).Fixed(bytes);
    }

    /// <summary>Writes a vector with a three-byte length.</summary>
    /// <param name="bytes">At most 2^24 - 1 bytes.</param>
    public WireWriter Opaque24(ReadOnlySpan<byte> bytes) => U24(bytes.Length).Fixed(bytes);

    /// <summary>Writes a vector with a four-byte length.</summary>
    /// <param name="bytes">The bytes.</param>
    public WireWriter Opaque32(ReadOnlySpan<byte> bytes) => U32((uint)bytes.Length).Fixed(bytes);

    /// <summary>All that was written, as a new array.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Zeroes the room that was used and starts anew; for what held a secret.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        Length = 0;
    }

    private Span<byte> Take(int sizeBytes)
    {
        if (_buffer.Length - Length < sizeBytes)
        {
            byte[] larger = new byte[Math.Max(_buffer.Length * 2, Length + sizeBytes)];
            Written.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_buffer);
            _buffer = larger;
        }

        Span<byte> taken = _buffer.AsSpan(Length, sizeBytes);
        Length += sizeBytes;
        return taken;
    }
}
