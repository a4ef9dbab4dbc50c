using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>
/// The server's side for Kestrel: turns accepted connections into channels, within bounds on those that have not yet
/// proved who they are. A connection that is refused or fails is closed; nothing else notices.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class SecureChannelServer : IDisposable
{
    private readonly SecureChannelServerOptions _options;
    private readonly ILogger _logger;
    private readonly TlsCookieKey _cookieKey;
    private readonly AddressRates _rates;
    private readonly HalfOpenTable _halfOpen;
    private readonly int _halfOpenPerAddressMax;
    private long _evictions;
    private long _evictionsToldAt;

    /// <summary>Makes a server.</summary>
    /// <param name="options">Bounds and identity.</param>
    /// <param name="logger">Receives refusals.</param>
    public SecureChannelServer(SecureChannelServerOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HalfOpenMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HalfOpenPerAddressMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CookieThreshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectionsPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectionBurst, 1);
        _options = options;
        _logger = logger;
        _cookieKey = new TlsCookieKey(options.Channel.Random);
        _halfOpenPerAddressMax = Math.Min(options.HalfOpenPerAddressMax, options.HalfOpenMax);
        _halfOpen = new HalfOpenTable(options.HalfOpenMax, _halfOpenPerAddressMax);
        _evictionsToldAt = options.Channel.Time.GetTimestamp() - options.Channel.Time.TimestampFrequency;
        _rates = new AddressRates(options.ConnectionsPerSecond, options.ConnectionBurst, options.Channel.Time);
    }

    /// <summary>Handshakes that run now.</summary>
    public int HalfOpen => _halfOpen.Count;

    /// <summary>Zeroes the cookie key; call after the server stopped.</summary>
    public void Dispose() => _cookieKey.Dispose();

    /// <summary>Secures one accepted connection and runs the rest of the pipeline on it.</summary>
    /// <param name="context">The connection; its transport is replaced while <paramref name="next"/> runs.</param>
    /// <param name="next">What serves the channel; finds it as a feature.</param>
    internal async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        SecureConnection? secure = await TrySecureAsync(context);
        if (secure is null)
        {
            return; // Kestrel closes the connection, after the alert if there is one.
        }

        System.IO.Pipelines.IDuplexPipe below = context.Transport;
        await using (secure)
        {
            try
            {
                context.Features.Set(secure);
                context.Transport = secure;
                await next(context);
            }
            finally
            {
                context.Transport = below;
            }
        }
    }

    private async Task<SecureConnection?> TrySecureAsync(ConnectionContext context)
    {
        IPAddress address = (context.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.IPv6None;
        UInt128 key = AddressKey.Of(address);
        if (!_rates.TryTake(key))
        {
            _logger.ConnectionRateExceeded(context.ConnectionId);
            context.Abort();
            return null;
        }

        HalfOpen entry = _halfOpen.Enter(key, context.Abort, out int ofAddress, out HalfOpen? evicted);
        try
        {
            Evict(evicted);
            TlsOptions tlsOptions = _options.Channel.ToTlsOptions() with
            {
                CookieKey = _cookieKey,
                CookieContext = address.GetAddressBytes(),
                RequireCookie = _halfOpen.Count > _options.CookieThreshold || ofAddress > _halfOpenPerAddressMax / 2,
            };
            return await SecureConnection.AcceptAsync(
                context.Transport, _options.Channel, tlsOptions, context.ConnectionClosed);
        }
        catch (ChannelException refused)
        {
            _logger.HandshakeFailed(context.ConnectionId, refused.Reason, refused.Alert);
            return null;
        }
        catch (OperationCanceledException)
        {
            _logger.HandshakeFailed(context.ConnectionId, ChannelFault.Dropped, null);
            return null;
        }
        finally
        {
            _halfOpen.Leave(entry);
        }
    }

    private void Evict(HalfOpen? evicted)
    {
        if (evicted is null)
        {
            return;
        }

        long evictions = Interlocked.Increment(ref _evictions);
        long now = _options.Channel.Time.GetTimestamp();
        long toldAt = Volatile.Read(ref _evictionsToldAt);
        if (now - toldAt >= _options.Channel.Time.TimestampFrequency
            && Interlocked.CompareExchange(ref _evictionsToldAt, now, toldAt) == toldAt)
        {
            // At most once a second: a flood of connections makes no flood of lines.
            _logger.HalfOpenLimitReached(evictions, _halfOpen.Count);
        }

        evicted.End();
    }
}
