using System.IO.Pipelines;
using System.Net.Sockets;
using SigmaComms.Client;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Identities;

namespace SigmaComms.Node.Agents;

/// <summary>
/// The way of a command to the client of an identity: through the agent that runs, or else by being the agent itself
/// for as long as the command takes.
/// </summary>
internal static class AgentDoor
{
    /// <summary>Connects to the running agent, or opens the identity in this process.</summary>
    public static async Task<AgentConnection> OpenAsync(CommandContext context)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        if (await TryConnectAsync(folder, context) is { } running)
        {
            context.Output.Detail($"Through the agent at {folder.Socket}");
            return running;
        }

        OpenAgent agent = await OpenAgent.StartAsync(context, folder, preferredNode: null);
        Pipe requests = new();
        Pipe replies = new();
        Task serving = ServeAsync(agent, requests, replies);
        return new AgentConnection(
            replies.Reader.AsStream(),
            requests.Writer.AsStream(),
            context.Time,
            async () =>
            {
                await serving;
                await agent.DisposeAsync();
            });
    }

    private static async Task<AgentConnection?> TryConnectAsync(IdentityFolder folder, CommandContext context)
    {
        if (!File.Exists(folder.Socket))
        {
            return null;
        }

        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.Socket), context.Stop);
            NetworkStream stream = new(socket, ownsSocket: true);
            return new AgentConnection(stream, stream, context.Time, () => ValueTask.CompletedTask);
        }
        catch (SocketException)
        {
            // Left behind by an agent that was killed; whoever takes the identity's lock replaces it.
            socket.Dispose();
            return null;
        }
    }

    private static async Task ServeAsync(OpenAgent agent, Pipe requests, Pipe replies)
    {
        await using Stream input = requests.Reader.AsStream();
        await using Stream output = replies.Writer.AsStream();
        await agent.Server.ServeAsync(input, output, CancellationToken.None);
    }
}
