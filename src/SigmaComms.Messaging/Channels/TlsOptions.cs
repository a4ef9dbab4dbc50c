using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Channels;

/// <summary>What one end of a channel offers and demands.</summary>
public sealed record TlsOptions
{
    /// <summary>Records under one key before it is renewed: 2^24, below the limit of AES-GCM in RFC 8446.</summary>
    public const long RecordsPerKeyMax = 1L << 24;

    /// <summary>This end's key and certificate.</summary>
    public required TlsIdentity Identity { get; init; }

    /// <summary>Suites in order of preference. Default: AES-256-GCM, then AES-128-GCM.</summary>
    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } =
        [TlsCipherSuite.Aes256GcmSha384, TlsCipherSuite.Aes128GcmSha256];

    /// <summary>Groups in order of preference; a client sends its share for the first.</summary>
    public IReadOnlyList<TlsGroup> Groups { get; init; } =
        [TlsGroup.X25519MlKem768, TlsGroup.SecP256r1MlKem768];

    /// <summary>The application protocol (ALPN) that this end speaks; null: not negotiated.</summary>
    public string? ApplicationProtocol { get; init; } = "sigma/1";

    /// <summary>Decides whether a peer that proved its identity is admitted; null: everybody is.</summary>
    public Func<NodeId, bool>? AcceptPeer { get; init; }

    /// <summary>Server: whether a client must first return a cookie. Needs <see cref="CookieKey"/>.</summary>
    public bool RequireCookie { get; init; }

    /// <summary>Server: the key of its cookies; the caller owns it.</summary>
    public TlsCookieKey? CookieKey { get; init; }

    /// <summary>Server: what a cookie is bound to besides the hello, such as the client's address.</summary>
    public ReadOnlyMemory<byte> CookieContext { get; init; }

    /// <summary>Records sent under one key before it is renewed, 1 to 2^24.</summary>
    public long RecordsPerKey { get; init; } = RecordsPerKeyMax;

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Identity);
        if (Suites.Count == 0 || Groups.Count == 0
            || !Suites.All(suite => suite is TlsCipherSuite.Aes256GcmSha384 or TlsCipherSuite.Aes128GcmSha256)
            || !Groups.All(group => group is TlsGroup.X25519MlKem768 or TlsGroup.SecP256r1MlKem768))
        {
            throw new ArgumentException("At least one suite and one group of this profile are needed, and no others.");
        }

        if (RequireCookie && CookieKey is null)
        {
            throw new ArgumentException("Cookies need a key.");
        }

        if (ApplicationProtocol is { Length: 0 or > 32 })
        {
            throw new ArgumentException("The application protocol has 1 to 32 characters.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(RecordsPerKey, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RecordsPerKey, RecordsPerKeyMax);
    }
}
