using System.Text;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The contents of the extensions.</summary>
/// <standard>RFC 8446, sections 4.2.1 to 4.2.8; RFC 7301 (ALPN).</standard>
internal static class ExtensionCodec
{
    public const ushort Version13 = 0x0304;

    /// <summary>mldsa65, the one signature scheme of this profile (draft-ietf-tls-mldsa).</summary>
    public const ushort MlDsa65 = 0x0905;

    public static byte[] U16(ushort value) => new WireWriter(2).U16(value).ToArray();

    /// <summary>A list of 16-bit numbers with a two-byte length.</summary>
    public static byte[] U16List(params ReadOnlySpan<ushort> values)
    {
        var list = new WireWriter();
        foreach (ushort value in values)
        {
            list.U16(value);
        }

        return new WireWriter().Opaque16(list.Written).ToArray();
    }

    /// <summary>Reads a list of 16-bit numbers with a two-byte length; null if malformed or empty.</summary>
    public static ushort[]? ReadU16List(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        ReadOnlySpan<byte> list = reader.Opaque16();
        return reader.AtEnd ? ReadU16s(list) : null;
    }

    public static ushort[]? ReadU16s(ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty || list.Length % 2 != 0)
        {
            return null;
        }

        var reader = new WireReader(list);
        ushort[] values = new ushort[list.Length / 2];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.U16();
        }

        return values;
    }

    /// <summary>The client's supported_versions: TLS 1.3 only.</summary>
    public static byte[] ClientVersions() => new WireWriter().U8(2).U16(Version13).ToArray();

    /// <summary>Reads the client's supported_versions; null if malformed.</summary>
    public static ushort[]? ReadClientVersions(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        ReadOnlySpan<byte> list = reader.Opaque8();
        return reader.AtEnd ? ReadU16s(list) : null;
    }

    /// <summary>One key share as the server sends it.</summary>
    public static byte[] KeyShare(TlsGroup group, ReadOnlySpan<byte> share) =>
        new WireWriter(2048).U16((ushort)group).Opaque16(share).ToArray();

    /// <summary>The client's key shares: one.</summary>
    public static byte[] ClientKeyShares(TlsGroup group, ReadOnlySpan<byte> share) =>
        new WireWriter(2048).Opaque16(KeyShare(group, share)).ToArray();

    /// <summary>Reads the server's key share.</summary>
    public static bool TryReadKeyShare(ReadOnlySpan<byte> content, out TlsGroup group, out byte[] share)
    {
        var reader = new WireReader(content);
        group = (TlsGroup)reader.U16();
        share = reader.Opaque16().ToArray();
        return reader.AtEnd && share.Length > 0;
    }

    /// <summary>Reads the client's key shares; null if malformed.</summary>
    public static List<(TlsGroup Group, byte[] Share)>? ReadClientKeyShares(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        var list = new WireReader(reader.Opaque16());
        if (!reader.AtEnd)
        {
            return null;
        }

        var shares = new List<(TlsGroup Group, byte[] Share)>();
        while (list.Remaining > 0)
        {
            var group = (TlsGroup)list.U16();
            byte[] share = list.Opaque16().ToArray();
            if (list.Failed || share.Length == 0)
            {
                return null;
            }

            shares.Add((group, share));
        }

        return list.Failed ? null : shares;
    }

    public static byte[] Cookie(ReadOnlySpan<byte> cookie) =>
        new WireWriter().Opaque16(cookie).ToArray();

    /// <summary>Reads a cookie; null if malformed or empty.</summary>
    public static byte[]? ReadCookie(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        byte[] cookie = reader.Opaque16().ToArray();
        return reader.AtEnd && cookie.Length > 0 ? cookie : null;
    }

    /// <summary>A list of one application protocol.</summary>
    public static byte[] ApplicationProtocol(string name)
    {
        var list = new WireWriter().Opaque8(Encoding.ASCII.GetBytes(name));
        return new WireWriter().Opaque16(list.Written).ToArray();
    }

    /// <summary>Reads a list of application protocols; null if malformed or empty.</summary>
    public static List<string>? ReadApplicationProtocols(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        var list = new WireReader(reader.Opaque16());
        if (!reader.AtEnd)
        {
            return null;
        }

        var names = new List<string>();
        while (list.Remaining > 0)
        {
            ReadOnlySpan<byte> name = list.Opaque8();
            if (list.Failed || name.IsEmpty)
            {
                return null;
            }

            // Latin-1 keeps every byte apart, whatever the peer sends.
            names.Add(Encoding.Latin1.GetString(name));
        }

        return names.Count > 0 && !list.Failed ? names : null;
    }
}
