using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SigmaComms.Client;
using SigmaComms.Client.Links;
using SigmaComms.Client.Storage;
using SigmaComms.Client.Transparency;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>
/// The way of a command to the vaults of an identity, with links of its own to the nodes: beside the identity's agent,
/// which may run or not.
/// </summary>
internal sealed class VaultDoor : IAsyncDisposable
{
    private static readonly TimeSpan NodesTimeout = TimeSpan.FromSeconds(10);

    private readonly ILoggerFactory _logs;
    private readonly VaultIdentity _identity;
    private readonly SecureLinkDialer _dialer;
    private readonly ControlLogClient _log;

    private VaultDoor(
        ILoggerFactory logs,
        VaultIdentity identity,
        SecureLinkDialer dialer,
        ControlLogClient log,
        VaultClient client)
    {
        _logs = logs;
        _identity = identity;
        _dialer = dialer;
        _log = log;
        Client = client;
    }

    /// <summary>The vaults.</summary>
    public VaultClient Client { get; }

    /// <summary>The device that acts.</summary>
    public NodeId Device => _identity.Device.Id;

    /// <summary>Compares what several validators show.</summary>
    public LogQuorum Quorum => _log.Quorum;

    /// <summary>The storage nodes, as they were told last.</summary>
    public IReadOnlyList<StorageNodeView> StorageNodes => _log.Storage.Nodes;

    /// <summary>Tells if what was shown is perhaps not the newest.</summary>
    public void TellIfBehind(Output output)
    {
        if (_log.IsBehind)
        {
            output.Note("No quorum of the validators answers: this is what those that do can certify, and perhaps not "
                + "the newest. Nothing can be changed until more of them run: sigma cluster status");
        }
    }

    /// <summary>Asks all storage nodes how they stand.</summary>
    /// <param name="vault">The vault they are asked about.</param>
    /// <param name="stop">Gives up.</param>
    public Task<IReadOnlyList<StorageNodeView>> SurveyAsync(Digest vault, CancellationToken stop) =>
        _log.Storage.SurveyAsync(vault, NodesTimeout, stop);

    /// <summary>Opens the chosen identity and finds the storage nodes.</summary>
    /// <param name="context">The command.</param>
    /// <param name="mayBeBehind">
    /// Whether where no quorum of validators answers it is enough what is certified, though perhaps not the newest.
    /// </param>
    public static async Task<VaultDoor> OpenAsync(CommandContext context, bool mayBeBehind = false)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        ClusterProfile cluster = ProfileOf(ClusterFile.Load(context.ClusterFile));
        VaultIdentity identity = await OpenIdentityAsync(context, folder);
        if (identity.Cluster != cluster.Cluster)
        {
            identity.Dispose();
            throw new ClientException(
                ClientFailure.WrongCluster, $"The identity {identity.AccountName} belongs to another cluster.");
        }

        ILoggerFactory logs = NodeLog.Create(context.Output.Quiet ? LogLevel.None : LogLevel.Error, context.Output);
        ILogger logger = logs.CreateLogger("SigmaComms.Client");
        SecureLinkDialer dialer = new(identity.Device, context.Time, SystemRandom.Instance, logger);
        ControlLogClient? log = null;
        try
        {
            log = await ControlLogClient.OpenAsync(
                cluster, identity.Device, dialer, context.Time, SystemRandom.Instance, logger, context.Stop);
            log.MayBeBehind = mayBeBehind;
            VaultClient client = new(new VaultClientOptions
            {
                Identity = identity,
                Directory = log.Directory,
                Log = log.Log,
                IsLogBehind = () => log.IsBehind,
                Storage = await log.Storage.OpenAsync(NodesTimeout, context.Stop),
                Time = context.Time,
            });
            return new VaultDoor(logs, identity, dialer, log, client);
        }
        catch
        {
            await (log?.DisposeAsync() ?? ValueTask.CompletedTask);
            dialer.Dispose();
            identity.Dispose();
            logs.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sees to it that the cluster knows this device, and the key to which others share vaults with it. A device that
    /// has never been connected is connected once.
    /// </summary>
    /// <param name="context">The command.</param>
    public async Task IntroduceAsync(CommandContext context)
    {
        try
        {
            await Client.PublishCardAsync(context.Stop);
        }
        catch (VaultException fault) when (fault.Reason == VaultFailure.NotAllowed)
        {
            context.Output.Detail("The cluster does not know this device yet; it is introduced");
            await using (AgentDoor door = await AgentDoor.OpenAsync(context))
            {
                await door.WaitReadyAsync(context);
            }

            await Client.PublishCardAsync(context.Stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _dialer.Dispose();
        _identity.Dispose();
        _logs.Dispose();
    }

    private static ClusterProfile ProfileOf(ClusterFile cluster) => new(
        cluster.Cluster,
        cluster.OperatorPublicKey,
        [.. cluster.Nodes.Select(node => node.Endpoint.ToString())])
    {
        Log = cluster.OpenGenesis() is { } genesis ? new LogAnchor(genesis.Cluster, genesis.Validators) : null,
    };

    private static async Task<VaultIdentity> OpenIdentityAsync(CommandContext context, IdentityFolder folder)
    {
        using SecretBytes password = await context.Password.ReadAsync(
            $"the identity {IdentityChoice.NameOf(folder)}", confirm: false, context.Stop);
        byte[] passphrase = password.Span.ToArray();
        try
        {
            // Argon2id takes its time: a signal ends the command nevertheless.
            return await Task.Run(() => VaultIdentity.Open(folder, passphrase), context.Stop);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }
}
