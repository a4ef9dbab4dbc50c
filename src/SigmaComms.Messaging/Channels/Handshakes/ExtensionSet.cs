using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The extensions of one message, in their order, each at most once.</summary>
/// <standard>RFC 8446, section 4.2.</standard>
internal sealed class ExtensionSet
{
    /// <summary>The most extensions that one message may have.</summary>
    public const int CountMax = 64;

    private readonly List<ExtensionType> _types = [];
    private readonly List<byte[]> _contents = [];

    /// <summary>The kinds, in the order of the message.</summary>
    public IReadOnlyList<ExtensionType> Types => _types;

    /// <summary>Reads a vector of extensions.</summary>
    /// <returns>Null, or the alert to send.</returns>
    public static TlsAlert? TryParse(ReadOnlySpan<byte> list, out ExtensionSet extensions)
    {
        extensions = new ExtensionSet();
        var reader = new WireReader(list);
        while (reader.Remaining > 0)
        {
            var type = (ExtensionType)reader.U16();
            ReadOnlySpan<byte> content = reader.Opaque16();
            if (reader.Failed || extensions._types.Count == CountMax)
            {
                return TlsAlert.DecodeError;
            }

            if (extensions.Has(type))
            {
                return TlsAlert.IllegalParameter;
            }

            extensions.Add(type, content);
        }

        return reader.Failed ? TlsAlert.DecodeError : null;
    }

    public ExtensionSet Add(ExtensionType type, ReadOnlySpan<byte> content)
    {
        _types.Add(type);
        _contents.Add(content.ToArray());
        return this;
    }

    public bool Has(ExtensionType type) => _types.Contains(type);

    /// <summary>The content, or an empty span; ask <see cref="Has"/> first.</summary>
    public ReadOnlySpan<byte> Content(ExtensionType type)
    {
        int index = _types.IndexOf(type);
        return index < 0 ? default : _contents[index];
    }

    /// <summary>Whether an extension occurs that is not one of these.</summary>
    public bool HasOtherThan(params ReadOnlySpan<ExtensionType> allowed)
    {
        foreach (ExtensionType type in _types)
        {
            if (!allowed.Contains(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the vector with its length.</summary>
    public void WriteTo(WireWriter writer)
    {
        var list = new WireWriter(2048);
        for (int i = 0; i < _types.Count; i++)
        {
            list.U16((ushort)_types[i]).Opaque16(_contents[i]);
        }

        writer.Opaque16(list.Written);
    }
}
