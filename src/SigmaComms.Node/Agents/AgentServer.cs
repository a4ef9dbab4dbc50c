using System.Net.Sockets;
using SigmaComms.Client;

namespace SigmaComms.Node.Agents;

/// <summary>
/// Serves a client to other processes of its owner over a Unix socket in the identity's folder, which only the owner
/// may enter.
/// </summary>
internal sealed class AgentServer : IAsyncDisposable
{
    private const int ConnectionsMax = 64;

    private readonly MessagingClient _client;
    private readonly AgentInbox _inbox;
    private readonly AgentNews _news;
    private readonly string _socketPath;
    private readonly string _filesFolder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _accepting;

    /// <summary>Starts to serve. The caller holds the identity's lock, so a socket left behind may be replaced.</summary>
    /// <param name="client">The client.</param>
    /// <param name="news">What the client reports.</param>
    /// <param name="folder">The identity's folder, for the socket and the attachments.</param>
    public AgentServer(MessagingClient client, AgentNews news, IdentityFolder folder)
    {
        _news = news;
        _client = client;
        _inbox = new AgentInbox(client);
        _socketPath = folder.Socket;
        _filesFolder = Path.Combine(folder.Path, "received");
        File.Delete(_socketPath);
        _listener.Bind(new UnixDomainSocketEndPoint(_socketPath));
        _listener.Listen(ConnectionsMax);
        _accepting = AcceptAsync();
    }

    /// <summary>Serves two streams of this process in the same way, until the input ends.</summary>
    public async Task ServeAsync(Stream input, Stream output, CancellationToken stop)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop.Token);
        using LineWriter writer = new(output);
        await new AgentSession(_client, _news, _inbox, input, writer, _filesFolder).RunAsync(either.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        File.Delete(_socketPath);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        HashSet<Task> serving = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token);
                serving.RemoveWhere(task => task.IsCompleted);
                if (serving.Count >= ConnectionsMax)
                {
                    socket.Dispose();
                    continue;
                }

                serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
            // The agent stops.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        await ServeAsync(stream, stream, _stop.Token);
    }
}
