using System.Buffers.Binary;

namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>Reads DER from untrusted bytes; after the first misfit <see cref="Failed"/> stays true.</summary>
/// <standard>ITU-T X.690, distinguished encoding rules.</standard>
internal ref struct DerReader
{
    private ReadOnlySpan<byte> _rest;

    public DerReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        Failed = false;
    }

    public bool Failed { get; private set; }

    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    /// <summary>The tag of the next element, or 0.</summary>
    public readonly byte PeekTag => _rest.IsEmpty ? (byte)0 : _rest[0];

    /// <summary>Reads an element of the given tag and gives its content.</summary>
    public ReadOnlySpan<byte> Content(byte tag) => Take(tag, withHeader: false);

    /// <summary>Reads an element of the given tag and gives all its bytes.</summary>
    public ReadOnlySpan<byte> Element(byte tag) => Take(tag, withHeader: true);

    /// <summary>Reads a constructed element and continues inside it.</summary>
    public DerReader Inside(byte tag)
    {
        ReadOnlySpan<byte> content = Content(tag);
        return new DerReader(content) { Failed = Failed };
    }

    /// <summary>Reads an element of any one-byte tag.</summary>
    public ReadOnlySpan<byte> Any() => Take(PeekTag, withHeader: false);

    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    private ReadOnlySpan<byte> Take(byte tag, bool withHeader)
    {
        // Tags of more than one byte do not occur in this profile.
        if (Failed || _rest.Length < 2 || _rest[0] != tag || (tag & 0x1F) == 0x1F)
        {
            Fail();
            return default;
        }

        int length = Length(out int headerSize);
        if (length < 0 || length > _rest.Length - headerSize)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = withHeader
            ? _rest[..(headerSize + length)]
            : _rest.Slice(headerSize, length);
        _rest = _rest[(headerSize + length)..];
        return taken;
    }

    private readonly int Length(out int headerSize)
    {
        byte first = _rest[1];
        headerSize = 2;
        if (first < 0x80)
        {
            return first;
        }

        // The shortest form is the only one: one byte from 128 on, two from 256 on; certificates here are smaller
        // than 64 KiB.
        if (first == 0x81 && _rest.Length >= 3 && _rest[2] >= 0x80)
        {
            headerSize = 3;
            return _rest[2];
        }

        if (first == 0x82 && _rest.Length >= 4 && _rest[2] != 0)
        {
            headerSize = 4;
            return BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        }

        return -1;
    }
}
