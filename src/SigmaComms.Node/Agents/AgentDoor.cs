using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Client.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Persistence;

namespace SigmaComms.Node.Agents;

/// <summary>
/// The way of a command to the client of an identity: through the agent that runs, or else by being the agent itself
/// for as long as the command takes.
/// </summary>
internal sealed class AgentDoor : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan UnreachableTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ILoggerFactory _logs;
    private readonly DiskFaultLogger _logger;
    private readonly AgentAccess _access;

    private AgentDoor(ILoggerFactory logs, DiskFaultLogger logger, AgentAccess access)
    {
        _logs = logs;
        _logger = logger;
        _access = access;
    }

    /// <summary>The agent.</summary>
    public AgentClient Agent => _access.Agent;

    /// <summary>Whether this process is the agent.</summary>
    public bool IsServing => _access.IsServing;

    /// <summary>Why the disk refused last; null if it did not, or if the client is in another process.</summary>
    public JournalException? DiskFault => _logger.Last;

    /// <summary>Ends when somebody told the agent in this process to stop.</summary>
    public Task StopRequested => _access.StopRequested;

    /// <summary>Finds the agent of the chosen identity, or opens the identity in this process.</summary>
    /// <param name="context">The command.</param>
    /// <param name="preferredNode">Name of the node to try first, or null.</param>
    public static async Task<AgentDoor> OpenAsync(CommandContext context, string? preferredNode = null)
    {
        IdentityFolder folder = IdentityChoice.Of(context);

        // What a person should know of the connection comes as a report; the log is for faults, or all with --verbose.
        ILoggerFactory logs = NodeLog.Create(context.Output.Quiet ? LogLevel.None : LogLevel.Error, context.Output);
        try
        {
            DiskFaultLogger logger = new(logs.CreateLogger("SigmaComms.Client"));
            AgentAccess access = await AgentAccess.OpenAsync(
                folder,
                _ => OpenIdentityAsync(context, folder, preferredNode, logger),
                logger,
                context.Time,
                context.Stop);
            return new AgentDoor(logs, logger, access);
        }
        catch
        {
            logs.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the client is connected and the cluster knows the account.</summary>
    /// <exception cref="CommandException">It took too long.</exception>
    public async Task WaitReadyAsync(CommandContext context)
    {
        if (_access.Client is not { } client)
        {
            return;
        }

        try
        {
            await client.Published.WaitAsync(ReadyTimeout, context.Time, context.Stop);
        }
        catch (TimeoutException late)
        {
            AgentStatus status = await Agent.GetStatusAsync(context.Stop);
            throw new CommandException(
                ExitCode.Unavailable,
                status.IsConnected ? "the cluster does not know this account yet" : "no node can be reached",
                status.IsConnected ? "too few nodes answer" : status.Failure ?? "none has answered",
                "check the nodes with sigma cluster status",
                late);
        }
    }

    /// <summary>Waits for what <see cref="WaitReadyAsync"/> waits for, but not long when no node answers.</summary>
    public async Task TryReadyAsync(CommandContext context)
    {
        long start = context.Time.GetTimestamp();
        while (true)
        {
            AgentStatus status = await Agent.GetStatusAsync(context.Stop);
            if (_access.Client?.Published.IsCompleted ?? status.IsConnected)
            {
                return;
            }

            bool hasFailed = !status.IsConnected && status.Failure is { Length: > 0 };
            TimeSpan patience = hasFailed ? UnreachableTimeout : ReadyTimeout;
            if (context.Time.GetElapsedTime(start) > patience)
            {
                return;
            }

            await Task.Delay(Pause, context.Time, context.Stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _access.DisposeAsync();
        _logs.Dispose();
    }

    private static async Task<OpenedIdentity> OpenIdentityAsync(
        CommandContext context, IdentityFolder folder, string? preferredNode, ILogger logger)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        OpenedIdentityOptions options = new()
        {
            Folder = folder,
            Cluster = new ClusterProfile(
                cluster.Cluster, cluster.OperatorPublicKey, Endpoints(cluster, preferredNode))
            {
                Log = cluster.OpenGenesis() is { } genesis
                    ? new LogAnchor(genesis.Cluster, genesis.Validators)
                    : null,
            },
            Time = context.Time,
            Logger = logger,
            Report = change => Report(context.Output, change),
        };
        using SecretBytes password = await context.Password.ReadAsync(
            $"the identity {IdentityChoice.NameOf(folder)}", confirm: false, context.Stop);
        byte[] passphrase = password.Span.ToArray();
        try
        {
            return await OpenedIdentity.OpenAsync(options, passphrase, context.Stop);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private static void Report(Output output, ClientEvent change)
    {
        string text = $"{change.Kind} {change.Subject} {change.Detail}".TrimEnd();
        if (change.Kind is ClientEventKind.Connected or ClientEventKind.Disconnected or ClientEventKind.Published)
        {
            output.Detail(text);
        }
        else
        {
            output.Note(text);
        }
    }

    private static string[] Endpoints(ClusterFile cluster, string? preferredNode)
    {
        if (preferredNode is not null && cluster.Nodes.All(node => node.Name != preferredNode))
        {
            throw new CommandException(
                ExitCode.NotFound,
                $"no node {preferredNode}",
                "cluster.json does not name it",
                $"choose one of {string.Join(", ", cluster.Nodes.Select(node => node.Name))}");
        }

        IEnumerable<ClusterFileNode> ordered = cluster.Nodes.OrderBy(node => node.Name == preferredNode ? 0 : 1);
        return [.. ordered.Select(node => node.Endpoint.ToString())];
    }
}
