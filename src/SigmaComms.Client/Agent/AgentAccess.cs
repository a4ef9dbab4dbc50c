using Microsoft.Extensions.Logging;
using SigmaComms.Client.Identity;

namespace SigmaComms.Client.Agent;

/// <summary>
/// A way to act as an identity for one command: through the agent that runs, or else by opening the identity here and
/// being its agent for as long as the command takes. The command sees no difference.
/// </summary>
public sealed class AgentAccess : IAsyncDisposable
{
    private const int AttemptsMax = 20;
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _never = new();
    private readonly OpenedIdentity? _identity;
    private readonly AgentServer? _server;

    private AgentAccess(AgentClient agent, OpenedIdentity? identity, AgentServer? server)
    {
        Agent = agent;
        _identity = identity;
        _server = server;
    }

    /// <summary>The agent.</summary>
    public AgentClient Agent { get; }

    /// <summary>Whether this process has the identity open and serves others.</summary>
    public bool IsServing => _server is not null;

    /// <summary>The client, if this process has the identity open.</summary>
    public MessagingClient? Client => _identity?.Client;

    /// <summary>Ends when somebody told the agent in this process to stop; never, if it is another process.</summary>
    public Task StopRequested => _server?.StopRequested ?? _never.Task;

    /// <summary>Finds the agent, or becomes it.</summary>
    /// <param name="folder">The identity's folder.</param>
    /// <param name="open">Opens the identity; called only if no agent runs, since it asks for the passphrase.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="time">The clock, for the wait while another process begins or ends.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<AgentAccess> OpenAsync(
        IdentityFolder folder,
        Func<CancellationToken, Task<OpenedIdentity>> open,
        ILogger logger,
        TimeProvider time,
        CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (await AgentClient.TryConnectAsync(folder.Socket, ct) is { } running)
            {
                return new AgentAccess(running, null, null);
            }

            try
            {
                return await ServeAsync(folder, await open(ct), logger, ct);
            }
            catch (KeyStoreException inUse) when (inUse.Reason == KeyStoreFailure.InUse && attempt < AttemptsMax)
            {
                // Another process has it, and is about to listen, or about to end.
                await Task.Delay(AttemptDelay, time, ct);
            }
        }
    }

    /// <summary>Disconnects, and closes the identity if it was opened here. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_identity is not null)
        {
            await _identity.DisposeAsync();
        }
    }

    private static async Task<AgentAccess> ServeAsync(
        IdentityFolder folder, OpenedIdentity identity, ILogger logger, CancellationToken ct)
    {
        AgentServer? server = null;
        try
        {
            server = AgentServer.Start(identity.Client, folder.Socket, logger);
            AgentClient agent = await AgentClient.TryConnectAsync(folder.Socket, ct)
                ?? throw new ClientException(ClientFailure.Closed, "The agent ended while it began.");
            return new AgentAccess(agent, identity, server);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            await identity.DisposeAsync();
            throw;
        }
    }
}
