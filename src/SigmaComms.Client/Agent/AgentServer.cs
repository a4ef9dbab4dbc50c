using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Agent;

/// <summary>Lets other processes of the same user act through an open client, over a Unix socket.</summary>
/// <remarks>
/// Who can reach the socket can act as the identity, so its folder must be closed to everybody but the owner.
/// </remarks>
public sealed class AgentServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int SessionsMax = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly MessagingClient _client;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Socket _listener;
    private readonly AgentFeed _feed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(SessionsMax);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private readonly Task _reading;
    private int _disposed;

    private AgentServer(MessagingClient client, Socket listener, string path, ILogger logger)
    {
        _client = client;
        _listener = listener;
        _path = path;
        _logger = logger;
        _accepting = AcceptAsync();
        _reading = ReadAsync();
    }

    /// <summary>Ends when somebody told the agent to stop; its owner then disposes it.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>
    /// Begins to listen. The caller holds the identity's lock, so a socket that is there is a left-over.
    /// </summary>
    /// <param name="client">The client; the agent is its only reader from now on.</param>
    /// <param name="socketPath">Where; its folder must be its owner's only.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ClientException">It cannot listen there.</exception>
    public static AgentServer Start(MessagingClient client, string socketPath, ILogger logger)
    {
        RequireOwnerOnly(Path.GetDirectoryName(Path.GetFullPath(socketPath))!);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(socketPath);
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(socketPath, OwnerOnly);
            }

            listener.Listen(Backlog);
            return new AgentServer(client, listener, socketPath, logger);
        }
        catch (Exception failed) when (failed is SocketException or IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            listener.Dispose();
            throw new ClientException(
                ClientFailure.Disk,
                $"The agent cannot listen at {socketPath}: {failed.Message} "
                + "The folder must be writable and its path shorter than 100 characters.",
                failed);
        }
    }

    /// <summary>Ends all sessions and removes the socket. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        File.Delete(_path);
        await _accepting;
        await _reading;
        for (int i = 0; i < SessionsMax; i++)
        {
            await _places.WaitAsync(CancellationToken.None);
        }

        _stop.Dispose();
        _places.Dispose();
    }

    private static void RequireOwnerOnly(string folder)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(folder)
            && (File.GetUnixFileMode(folder) & Others) != 0)
        {
            throw new ClientException(
                ClientFailure.Disk, $"Others may look into {folder}; the agent does not listen there. Run: chmod 700.");
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await _places.WaitAsync(_stop.Token);
                Socket? socket = await TryAcceptAsync();
                if (socket is null)
                {
                    _places.Release();
                    continue;
                }

                _ = ServeAsync(socket);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _listener.AcceptAsync(_stop.Token);
        }
        catch (Exception failed)
            when (failed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _logger.AskerGone(failed.Message);
            return null;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            var session = new AgentSession(_client, _feed, socket, () => _stopRequested.TrySetResult(), _logger);
            await session.RunAsync(_stop.Token);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (InboundItem item in _client.ReceiveAsync(_stop.Token))
            {
                _feed.Add(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }
}
