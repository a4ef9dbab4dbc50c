using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Channels;

/// <summary>The server's secret that makes its HelloRetryRequest cookies.</summary>
/// <remarks>Safe to call from any thread, except for <see cref="Dispose"/>.</remarks>
/// <standard>RFC 8446, section 4.2.2; HMAC-SHA-256 (FIPS 198-1).</standard>
public sealed class TlsCookieKey : IDisposable
{
    /// <summary>Size of a cookie's authenticator: 32 bytes.</summary>
    internal const int MacSizeBytes = 32;

    private readonly SecretBytes _key = new(MacSizeBytes);

    /// <summary>Makes a fresh key.</summary>
    /// <param name="random">Where its bytes come from.</param>
    public TlsCookieKey(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.Fill(_key.Span);
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();

    internal void Authenticate(ReadOnlySpan<byte> content, ReadOnlySpan<byte> context, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Span);
        hmac.AppendData(content);
        hmac.AppendData(context);
        hmac.GetHashAndReset(mac);
    }

    internal bool IsAuthentic(ReadOnlySpan<byte> content, ReadOnlySpan<byte> context, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[MacSizeBytes];
        Authenticate(content, context, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }
}
