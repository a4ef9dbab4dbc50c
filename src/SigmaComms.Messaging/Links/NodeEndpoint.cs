using System.Globalization;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Where a node listens.</summary>
/// <param name="Host">A host name or address; an IPv6 address without brackets.</param>
/// <param name="Port">The TCP port, 1 to 65535.</param>
public sealed record NodeEndpoint(string Host, ushort Port)
{
    /// <summary>Reads "host:port" or "[address]:port".</summary>
    /// <param name="text">The text.</param>
    /// <param name="endpoint">The endpoint, or null.</param>
    /// <returns>False if the text is anything else.</returns>
    public static bool TryParse(string? text, out NodeEndpoint? endpoint)
    {
        endpoint = null;
        int colon = text?.LastIndexOf(':') ?? -1;
        if (text is null || colon <= 0 || text.Length > LinkLimits.EndpointBytes
            || !TryParsePort(text.AsSpan(colon + 1), out ushort port))
        {
            return false;
        }

        string host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        endpoint = new NodeEndpoint(host, port);
        return true;
    }

    /// <summary>host:port, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    internal void Write(WireWriter writer) => LinkWire.Write(writer, ToString());

    internal static NodeEndpoint Read(ref WireReader reader)
    {
        string text = LinkWire.Text(ref reader, LinkLimits.EndpointBytes);
        if (!TryParse(text, out NodeEndpoint? endpoint) || endpoint!.ToString() != text)
        {
            reader.Fail();
            return new NodeEndpoint(string.Empty, 0);
        }

        return endpoint;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}
