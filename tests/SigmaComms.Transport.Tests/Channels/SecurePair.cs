using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Tests.Links;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>Two ends of a channel over pipes in memory.</summary>
internal sealed record SecurePair(SecureConnection Client, SecureConnection Server) : IAsyncDisposable
{
    public static async Task<SecurePair> ConnectAsync(
        SecureChannelOptions? client = null, SecureChannelOptions? server = null, PipePair? pipes = null)
    {
        pipes ??= new PipePair();
        Task<SecureConnection> accepting =
            SecureConnection.AcceptAsync(pipes.Right, server ?? TestPeers.ServerOptions, default).AsTask();
        SecureConnection connected =
            await SecureConnection.ConnectAsync(pipes.Left, client ?? TestPeers.ClientOptions, default);
        return new SecurePair(connected, await accepting);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
