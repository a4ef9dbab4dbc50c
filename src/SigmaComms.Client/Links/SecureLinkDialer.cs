using System.Net;
using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>Opens secured connections over TCP. The device's key is the client's identity in them.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class SecureLinkDialer : ILinkDialer, IDisposable
{
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(90);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(30);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly MlDsa65SigningKey _key;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private SecureDialer? _dialer;
    private DateTimeOffset _made;

    /// <summary>Makes a dialer.</summary>
    /// <param name="deviceKey">The device's key; stays the caller's and must outlive the dialer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Randomness.</param>
    /// <param name="logger">Receives the socket layer's messages.</param>
    public SecureLinkDialer(MlDsa65SigningKey deviceKey, TimeProvider time, IRandomSource random, ILogger logger)
    {
        _key = deviceKey;
        _time = time;
        _random = random;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async ValueTask<DialedChannel> DialAsync(string endpoint, CancellationToken ct)
    {
        if (!NodeEndpoint.TryParse(endpoint, out NodeEndpoint? parsed))
        {
            throw new LinkException(LinkFailure.Unreachable, $"{endpoint} is no endpoint: write host:port");
        }

        EndPoint address = IPAddress.TryParse(parsed!.Host, out IPAddress? ip)
            ? new IPEndPoint(ip, parsed.Port)
            : new DnsEndPoint(parsed.Host, parsed.Port);
        try
        {
            SecureConnection connection = await Dialer().DialAsync(address, ct);
            HandshakeReport report = connection.Handshake;
            return new DialedChannel(connection, connection.PeerPublicKey, new LinkHandshake(
                NameOf(report.Group),
                NameOf(report.Suite),
                report.SignatureScheme,
                report.BytesSent,
                report.BytesReceived,
                report.Duration));
        }
        catch (ChannelException failed)
        {
            throw new LinkException(LinkFailure.Unreachable, failed.Message, failed);
        }
    }

    /// <summary>Releases the socket layer's memory; connections live on.</summary>
    public void Dispose() => _dialer?.Dispose();

    private static string NameOf(TlsGroup group) => group switch
    {
        TlsGroup.X25519MlKem768 => "X25519MLKEM768",
        TlsGroup.SecP256r1MlKem768 => "SecP256r1MLKEM768",
        _ => group.ToString(),
    };

    private static string NameOf(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.Aes256GcmSha384 => "TLS_AES_256_GCM_SHA384",
        TlsCipherSuite.Aes128GcmSha256 => "TLS_AES_128_GCM_SHA256",
        _ => suite.ToString(),
    };

    private SecureDialer Dialer()
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            if (_dialer is null || now - _made > RenewAfter)
            {
                _dialer?.Dispose();
                var identity = TlsIdentity.Create(
                    _key, "sigma client", now - ClockTolerance, now + CertificateLife, _random);
                _dialer = new SecureDialer(
                    new SecureChannelOptions { Identity = identity, Time = _time, Random = _random }, _logger);
                _made = now;
            }

            return _dialer;
        }
    }
}
