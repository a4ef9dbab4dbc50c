using System.Formats.Asn1;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>
/// Reads DER from untrusted bytes. It never throws: after the first thing that does not fit, <see cref="Failed"/> stays
/// true and every read gives nothing. Check <see cref="AtEnd"/> once at the end.
/// </summary>
/// <standard>X.690, sections 8 and 10.</standard>
internal ref struct DerReader
{
    private ReadOnlySpan<byte> _rest;

    public DerReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        Failed = false;
    }

    /// <summary>Whether any read did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether all was read, exactly and without failure.</summary>
    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    /// <summary>Whether the next value has the tag.</summary>
    public readonly bool Next(Asn1Tag tag) =>
        !Failed && Asn1Tag.TryDecode(_rest, out Asn1Tag found, out _) && found == tag;

    /// <summary>Reads a value with the tag; its content.</summary>
    public ReadOnlySpan<byte> Value(Asn1Tag tag)
    {
        try
        {
            if (Next(tag))
            {
                Asn1Tag read = AsnDecoder.ReadEncodedValue(
                    _rest, AsnEncodingRules.DER, out int offset, out int size, out int consumed);
                ReadOnlySpan<byte> content = _rest.Slice(offset, size);
                _rest = _rest[consumed..];
                return read == tag ? content : Fail();
            }
        }
        catch (AsnContentException)
        {
            // The framework has no other way to say that a length is not DER's.
        }

        return Fail();
    }

    /// <summary>Reads a sequence; a reader of its content.</summary>
    public DerReader Sequence()
    {
        DerReader inner = new(Value(Asn1Tag.Sequence));
        inner.Failed = Failed;
        return inner;
    }

    /// <summary>Reads an octet string.</summary>
    public ReadOnlySpan<byte> OctetString() => Value(Asn1Tag.PrimitiveOctetString);

    /// <summary>Reads a bit string of whole bytes.</summary>
    public ReadOnlySpan<byte> BitString(Asn1Tag tag)
    {
        ReadOnlySpan<byte> content = Value(tag);
        return !content.IsEmpty && content[0] == 0 ? content[1..] : Fail();
    }

    /// <summary>Reads an integer of one byte that is not negative.</summary>
    public int SmallInteger()
    {
        ReadOnlySpan<byte> content = Value(Asn1Tag.Integer);
        if (content.Length != 1 || content[0] > sbyte.MaxValue)
        {
            Fail();
            return -1;
        }

        return content[0];
    }

    private ReadOnlySpan<byte> Fail()
    {
        Failed = true;
        _rest = default;
        return default;
    }
}
