using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SigmaComms.Client;
using SigmaComms.Cryptography;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>An opened identity and its server in this process.</summary>
internal sealed class OpenAgent : IAsyncDisposable
{
    private readonly ILoggerFactory _logs;
    private readonly OpenedIdentity _identity;

    private OpenAgent(ILoggerFactory logs, OpenedIdentity identity, AgentServer server)
    {
        _logs = logs;
        _identity = identity;
        Server = server;
    }

    /// <summary>Serves other processes, and streams of this one.</summary>
    public AgentServer Server { get; }

    /// <summary>Opens an identity and serves it.</summary>
    /// <param name="context">The command.</param>
    /// <param name="folder">The identity.</param>
    /// <param name="preferredNode">Name of the node to try first, or null.</param>
    public static async Task<OpenAgent> StartAsync(
        CommandContext context, IdentityFolder folder, string? preferredNode)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        string[] endpoints = Endpoints(cluster, preferredNode);
        using SecretBytes password = await context.Password.ReadAsync(
            $"the identity {IdentityChoice.NameOf(folder)}", confirm: false, context.Stop);
        ILoggerFactory logs = NodeLog.Create(LogLevel.Warning, context.Output);
        AgentNews news = new();
        OpenedIdentity? identity = null;
        try
        {
            OpenedIdentityOptions options = new()
            {
                Folder = folder,
                Cluster = new ClusterProfile(cluster.Cluster, cluster.OperatorPublicKey, endpoints),
                Time = context.Time,
                Logger = logs.CreateLogger("SigmaComms.Client"),
                Report = news.Tell,
            };
            identity = await OpenAsync(options, password, context.Stop);
            AgentServer server = new(identity.Client, news, folder);
            return new OpenAgent(logs, identity, server);
        }
        catch
        {
            await (identity?.DisposeAsync() ?? ValueTask.CompletedTask);
            logs.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _identity.DisposeAsync();
        _logs.Dispose();
    }

    private static async Task<OpenedIdentity> OpenAsync(
        OpenedIdentityOptions options, SecretBytes password, CancellationToken stop)
    {
        byte[] passphrase = password.Span.ToArray();
        try
        {
            return await OpenedIdentity.OpenAsync(options, passphrase, stop);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
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
