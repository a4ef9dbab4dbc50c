using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SigmaComms.Persistence.Tests.PostgreSql;

/// <summary>A wire to the server that is cut at the next commit: before the server sees it, or after.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] Commit = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly string _folder = Directory.CreateTempSubdirectory("sgpx-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ending = new();
    private readonly UnixDomainSocketEndPoint _server;
    private readonly List<Task> _wires = [];
    private readonly Task _accepting;
    private volatile Cut _cut;

    public CuttingProxy(string serverFolder)
    {
        _server = new UnixDomainSocketEndPoint(Path.Combine(serverFolder, ".s.PGSQL.5432"));
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, ".s.PGSQL.5432")));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public enum Cut
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    /// <summary>The folder to connect to instead of the server's.</summary>
    public string Folder => _folder;

    /// <summary>Cuts the wire at the next commit, once.</summary>
    public void CutNext(Cut cut) => _cut = cut;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_wires);
        _ending.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(_ending.Token);
                _wires.Add(JoinAsync(client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task JoinAsync(Socket client)
    {
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(_server);
            var withhold = new StrongBox<bool>();
            await Task.WhenAny(SendAsync(client, server, withhold), AnswerAsync(server, client, withhold));
        }
    }

    private async Task SendAsync(Socket client, Socket server, StrongBox<bool> withhold)
    {
        byte[] buffer = new byte[1 << 16];
        for (int read = await ReadAsync(client, buffer); read > 0; read = await ReadAsync(client, buffer))
        {
            Cut cut = _cut;
            bool isCommit = cut != Cut.None && buffer.AsSpan(0, read).IndexOf(Commit) >= 0;
            if (isCommit)
            {
                _cut = Cut.None;
                if (cut == Cut.BeforeCommit)
                {
                    return;
                }

                // The server has committed once it has answered; the answer stays here.
                Volatile.Write(ref withhold.Value, true);
            }

            await server.SendAsync(buffer.AsMemory(0, read), _ending.Token);
        }
    }

    private async Task AnswerAsync(Socket server, Socket client, StrongBox<bool> withhold)
    {
        byte[] buffer = new byte[1 << 16];
        for (int read = await ReadAsync(server, buffer); read > 0; read = await ReadAsync(server, buffer))
        {
            if (Volatile.Read(ref withhold.Value))
            {
                return;
            }

            await client.SendAsync(buffer.AsMemory(0, read), _ending.Token);
        }
    }

    private async ValueTask<int> ReadAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, _ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
