using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>
/// A duplex pipe whose bytes travel through the node channel. Complete <see cref="Output"/> to say that no more is
/// sent; reading <see cref="Input"/> throws <see cref="ChannelException"/> when the connection ended other than by a
/// farewell.
/// </summary>
/// <remarks>One reader and one writer at a time, as for every pipe.</remarks>
public sealed class SecureConnection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>
    /// Bytes of answers to key update requests that may wait for a peer that asks and does not read: 16 KiB.
    /// </summary>
    internal const int ControlMaxBytes = 16 * 1024;

    private const int SegmentSizeBytes = 64 * 1024;

    private readonly IDuplexPipe _transport;
    private readonly IAsyncDisposable? _owned;
    private readonly SecureChannelOptions _options;
    private readonly TlsConnection _tls;
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;
    private readonly CancellationTokenSource _stop = new();

    // Both loops use the state machine, one at a time. What the reading loop must send (alerts, key updates) waits in
    // _control for the writing loop, which alone writes to the transport: records leave in the order of their numbers.
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _control = new();
    private bool _keyUpdateDue;
    private bool _lost;
    private TlsStatus _status;
    private ITimer? _keyUpdateTimer;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _disposed;

    private SecureConnection(
        IDuplexPipe transport, IAsyncDisposable? owned, TlsConnection tls, SecureChannelOptions options)
    {
        _transport = transport;
        _owned = owned;
        _options = options;
        _tls = tls;
        _incoming = MakePipe(options);
        _outgoing = MakePipe(options);
    }

    /// <summary>What the peer sends.</summary>
    public PipeReader Input => _incoming.Reader;

    /// <summary>What goes to the peer.</summary>
    public PipeWriter Output => _outgoing.Writer;

    /// <summary>Who the peer proved to be.</summary>
    public NodeId PeerId => _tls.PeerId;

    /// <summary>The peer's ML-DSA-65 public key.</summary>
    public ReadOnlyMemory<byte> PeerPublicKey => _tls.PeerPublicKey;

    /// <summary>What the handshake agreed on and cost.</summary>
    public HandshakeReport Handshake { get; private set; } = null!;

    /// <summary>Records sent under the present key.</summary>
    internal long RecordsSent
    {
        get
        {
            lock (_gate)
            {
                return _tls.RecordsSent;
            }
        }
    }

    /// <summary>Makes the client's end over a connected transport.</summary>
    /// <param name="transport">The connection below; the caller ends it after this was disposed.</param>
    /// <param name="options">What this end offers and demands.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="ChannelException">The handshake failed.</exception>
    public static ValueTask<SecureConnection> ConnectAsync(
        IDuplexPipe transport, SecureChannelOptions options, CancellationToken ct) =>
        ConnectAsync(transport, owned: null, options, ct);

    /// <summary>Makes the server's end over a connected transport.</summary>
    /// <param name="transport">The connection below; the caller ends it after this was disposed.</param>
    /// <param name="options">What this end offers and demands.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="ChannelException">The handshake failed.</exception>
    public static ValueTask<SecureConnection> AcceptAsync(
        IDuplexPipe transport, SecureChannelOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AcceptAsync(transport, options, options.ToTlsOptions(), ct);
    }

    internal static ValueTask<SecureConnection> ConnectAsync(
        IDuplexPipe transport, IAsyncDisposable? owned, SecureChannelOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var tls = TlsConnection.Client(options.ToTlsOptions(), options.Random);
        return new SecureConnection(transport, owned, tls, options).EstablishAsync(ct);
    }

    internal static ValueTask<SecureConnection> AcceptAsync(
        IDuplexPipe transport, SecureChannelOptions options, TlsOptions tlsOptions, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var tls = TlsConnection.Server(tlsOptions, options.Random);
        return new SecureConnection(transport, owned: null, tls, options).EstablishAsync(ct);
    }

    /// <summary>
    /// Sends what was written, says farewell, ends both loops and zeroes the secrets. May be called twice.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_keyUpdateTimer is not null)
        {
            await _keyUpdateTimer.DisposeAsync();
        }

        await _outgoing.Writer.CompleteAsync();
        using (var patience = new CancellationTokenSource(_options.CloseTimeout, _options.Time))
        using (patience.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop))
        {
            await _writing;
        }

        await _stop.CancelAsync();
        await _reading;
        await _incoming.Reader.CompleteAsync();
        lock (_gate)
        {
            _tls.Dispose();
        }

        _stop.Dispose();
        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }
    }

    private static Pipe MakePipe(SecureChannelOptions options) => new(new PipeOptions(
        pauseWriterThreshold: options.BufferMaxBytes,
        resumeWriterThreshold: options.BufferMaxBytes / 2,
        minimumSegmentSize: SegmentSizeBytes,
        useSynchronizationContext: false));

    private async ValueTask<SecureConnection> EstablishAsync(CancellationToken ct)
    {
        long start = _options.Time.GetTimestamp();
        try
        {
            using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            try
            {
                await ShakeHandsAsync(either.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw new ChannelException(ChannelFault.TimedOut);
            }
        }
        catch
        {
            _tls.Dispose();
            _stop.Dispose();
            throw;
        }

        Handshake = new HandshakeReport(
            _tls.Suite,
            _tls.Group,
            "mldsa65",
            _tls.HandshakeBytesSent,
            _tls.HandshakeBytesReceived,
            _options.Time.GetElapsedTime(start));
        _reading = ReadAsync();
        _writing = WriteAsync();
        _keyUpdateTimer = _options.Time.CreateTimer(
            static connection => ((SecureConnection)connection!).RenewKey(),
            this,
            _options.KeyUpdateInterval,
            _options.KeyUpdateInterval);
        return this;
    }

    private async ValueTask ShakeHandsAsync(CancellationToken ct)
    {
        try
        {
            if (_tls.IsClient)
            {
                _tls.Start(_transport.Output);
                await _transport.Output.FlushAsync(ct);
            }

            while (_tls.State == TlsState.Handshaking)
            {
                ReadResult result = await _transport.Input.ReadAsync(ct);
                _status = Receive(result.Buffer, _transport.Output);
                _transport.Input.AdvanceTo(result.Buffer.End);
                await _transport.Output.FlushAsync(ct);
                if (EndOf(_status, result.IsCompleted && _tls.State == TlsState.Handshaking) is { } fault)
                {
                    throw fault;
                }
            }

        }
        catch (Exception lost) when (IsLoss(lost))
        {
            throw new ChannelException(ChannelFault.Dropped, inner: lost);
        }
    }

    private async Task ReadAsync()
    {
        Exception? end = null;
        try
        {
            // Data may have come with the peer's last handshake message.
            FlushResult flushed = await _incoming.Writer.FlushAsync(_stop.Token);
            while (end is null && _status == TlsStatus.Open && !flushed.IsCompleted)
            {
                ReadResult result = await _transport.Input.ReadAsync(_stop.Token);
                _status = ReceiveLater(result.Buffer);
                _transport.Input.AdvanceTo(result.Buffer.End);
                end = EndOf(_status, result.IsCompleted) ?? EndOfFlood();
                flushed = await _incoming.Writer.FlushAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            end = new ChannelException(ChannelFault.Dropped);
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            end = new ChannelException(ChannelFault.Dropped, inner: lost);
        }

        await _incoming.Writer.CompleteAsync(end);
        if (end is not null)
        {
            lock (_gate)
            {
                _lost = true;
            }

            _outgoing.Reader.CancelPendingRead(); // The writing loop sends the alert, if there is one, and stops.
        }
    }

    private async Task WriteAsync()
    {
        Exception? end = null;
        try
        {
            bool isLast;
            do
            {
                ReadResult result = await _outgoing.Reader.ReadAsync(_stop.Token);
                isLast = Seal(result.Buffer, result.IsCompleted);
                _outgoing.Reader.AdvanceTo(result.Buffer.End);
                FlushResult flushed = await _transport.Output.FlushAsync(_stop.Token);
                isLast |= flushed.IsCompleted;
            }
            while (!isLast);
        }
        catch (OperationCanceledException)
        {
            end = new ChannelException(ChannelFault.Dropped);
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            end = new ChannelException(ChannelFault.Dropped, inner: lost);
        }

        await _outgoing.Reader.CompleteAsync(end);
    }

    private TlsStatus ReceiveLater(ReadOnlySequence<byte> bytes)
    {
        TlsStatus status;
        bool mustSend;
        lock (_gate)
        {
            status = Receive(bytes, _control);
            mustSend = _control.WrittenCount > 0;
        }

        if (mustSend)
        {
            _outgoing.Reader.CancelPendingRead();
        }

        return status;
    }

    private TlsStatus Receive(ReadOnlySequence<byte> bytes, IBufferWriter<byte> toPeer)
    {
        TlsStatus status = TlsStatus.Open;
        DateTimeOffset now = _options.Time.GetUtcNow();
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            status = _tls.Receive(part.Span, now, toPeer, _incoming.Writer);
        }

        return status;
    }

    /// <summary>Seals what is to be sent into the transport.</summary>
    /// <returns>Whether nothing will follow.</returns>
    private bool Seal(ReadOnlySequence<byte> plaintext, bool isCompleted)
    {
        lock (_gate)
        {
            PipeWriter output = _transport.Output;
            if (_control.WrittenCount > 0)
            {
                output.Write(_control.WrittenSpan);
                _control.Clear();
            }

            if (_keyUpdateDue)
            {
                _keyUpdateDue = false;
                _tls.UpdateKeys(requestPeer: false, output);
            }

            foreach (ReadOnlyMemory<byte> part in plaintext)
            {
                _tls.Write(part.Span, output);
            }

            if (isCompleted)
            {
                _tls.Close(output);
            }

            return isCompleted || _lost;
        }
    }

    private void RenewKey()
    {
        lock (_gate)
        {
            _keyUpdateDue = true;
        }

        _outgoing.Reader.CancelPendingRead();
    }

    private ChannelException? EndOfFlood()
    {
        lock (_gate)
        {
            return _control.WrittenCount > ControlMaxBytes ? new ChannelException(ChannelFault.PeerRejected) : null;
        }
    }

    private ChannelException? EndOf(TlsStatus status, bool transportEnded)
    {
        if (status == TlsStatus.Failed)
        {
            return _tls.ReceivedAlert is { } received
                ? new ChannelException(ChannelFault.RefusedByPeer, received)
                : new ChannelException(ChannelFault.PeerRejected, _tls.SentAlert);
        }

        bool isUnfinished = status == TlsStatus.PeerClosed && _tls.PeerPublicKey.IsEmpty;
        return isUnfinished || (status == TlsStatus.Open && transportEnded)
            ? new ChannelException(ChannelFault.Dropped)
            : null;
    }

    // What sockets, Kestrel's transports and pipes throw when the other end is gone.
    private static bool IsLoss(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or ConnectionAbortedException
            or InvalidOperationException { Source: "System.IO.Pipelines" };
}
