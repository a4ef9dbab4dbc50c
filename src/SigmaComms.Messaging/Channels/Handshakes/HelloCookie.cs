using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>
/// What the server gives the client to keep, so that it need not: the hash of the first hello, authenticated.
/// </summary>
/// <param name="Suite">The suite that was chosen.</param>
/// <param name="RetryGroup">The group that was asked for, or none if the client's share was fine.</param>
/// <param name="FirstHelloHash">The hash of the first ClientHello, by the suite's hash.</param>
/// <standard>RFC 8446, section 4.2.2.</standard>
internal sealed record HelloCookie(SuiteProfile Suite, TlsGroup RetryGroup, byte[] FirstHelloHash)
{
    /// <summary>How long a cookie is good: 10 seconds, twice the handshake's time-out.</summary>
    public const long LifetimeSeconds = 10;

    /// <summary>The longest cookie that a client returns.</summary>
    public const int SizeMaxBytes = 2048;

    private const byte Form = 1;

    public byte[] Seal(TlsOptions options, DateTimeOffset now)
    {
        var writer = new WireWriter();
        writer.U8(Form).U64((ulong)Math.Max(0, now.ToUnixTimeSeconds()));
        writer.U16((ushort)Suite.Suite).U16((ushort)RetryGroup).Fixed(FirstHelloHash);
        Span<byte> mac = stackalloc byte[TlsCookieKey.MacSizeBytes];
        options.CookieKey!.Authenticate(writer.Written, options.CookieContext.Span, mac);
        return writer.Fixed(mac).ToArray();
    }

    /// <summary>Reads a cookie that this server made; null if it did not, or too long ago.</summary>
    public static HelloCookie? Open(ReadOnlySpan<byte> cookie, TlsOptions options, DateTimeOffset now)
    {
        if (options.CookieKey is null || cookie.Length <= TlsCookieKey.MacSizeBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> content = cookie[..^TlsCookieKey.MacSizeBytes];
        ReadOnlySpan<byte> mac = cookie[^TlsCookieKey.MacSizeBytes..];
        if (!options.CookieKey.IsAuthentic(content, options.CookieContext.Span, mac))
        {
            return null;
        }

        var reader = new WireReader(content);
        byte form = reader.U8();
        ulong madeAt = reader.U64();
        var suite = (TlsCipherSuite)reader.U16();
        var group = (TlsGroup)reader.U16();
        byte[] hash = reader.Rest().ToArray();
        long age = Math.Max(0, now.ToUnixTimeSeconds()) - (long)madeAt;
        if (reader.Failed || form != Form || age is < -LifetimeSeconds or > LifetimeSeconds
            || !options.Suites.Contains(suite))
        {
            return null;
        }

        SuiteProfile profile = SuiteProfile.Of(suite);
        return hash.Length == profile.HashSize ? new HelloCookie(profile, group, hash) : null;
    }
}
