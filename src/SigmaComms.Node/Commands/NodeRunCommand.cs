using System.CommandLine;
using SigmaComms.Cluster;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node run.</summary>
internal sealed class NodeRunCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "A node of this data folder" };

    public NodeRunCommand()
        : base(
            "run",
            "Runs one node until it is told to stop; its log goes to standard error.",
            "sigma node run n1",
            "sigma node run n1 --home /var/lib/sigma --json")
    {
        Add(_name);
        Runs(context => RunNodeAsync(context, NodeChoice.Of(context, context.Arguments.GetRequiredValue(_name))));
    }

    /// <summary>Runs a prepared node in this process until a signal comes or it must stop.</summary>
    public static async Task<ExitCode> RunNodeAsync(
        CommandContext context, LocalNode node, Action<ClusterNodeOptions>? change = null)
    {
        NodeConfiguration configuration =
            ConfigurationObject.ReadFile(node.Folder.ConfigurationFile, NodeConfiguration.Read)
                .WithEnvironment(Environment.GetEnvironmentVariable);
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        RequireStopped(node);
        string? token = configuration.Operations.ReadToken(Environment.GetEnvironmentVariable);
        using MlDsa65SigningKey key = SigningKeyFile.Load(node.Folder.KeyFile);
        await using NodeTelemetry telemetry = NodeTelemetry.Open(
            configuration, node.Folder, context.Output, Environment.GetEnvironmentVariable, context.Time);
        ClusterNodeOptions options = OptionsOf(context, node, configuration, cluster, key);
        change?.Invoke(options);
        if (configuration.Store is { } store)
        {
            options.PostgreSql = await store.ToOptionsAsync(Environment.GetEnvironmentVariable, context.Stop);
        }

        await using ClusterNode running = new(
            options,
            key,
            telemetry.Logs.CreateLogger("SigmaComms.Cluster"),
            telemetry.Logs.CreateLogger(NodeFigures.HealthLogName));
        ProcessRecord.Current.Save(node.Folder.ProcessFile);
        try
        {
            await running.StartAsync(context.Stop);
            context.Output.Note($"{node.Name} listens on {configuration.Listen}");
            await using OperationsServer? operators =
                await AnswerOperatorsAsync(context, configuration.Operations, token, running, telemetry);
            await using ControlDoor? door = await OpenDoorAsync(context, node, running, telemetry);
            await RunAsync(context, node, running);
            return ExitCode.Ok;
        }
        finally
        {
            await running.StopAsync();
            File.Delete(node.Folder.ProcessFile);
            File.Delete(node.Folder.Socket);
        }
    }

    private static async Task<ControlDoor?> OpenDoorAsync(
        CommandContext context, LocalNode node, ClusterNode running, NodeTelemetry telemetry)
    {
        if (running.Control is not { } log)
        {
            return null;
        }

        if (node.Folder.Socket.Length > ControlDoor.PathLengthMax)
        {
            context.Output.Note(
                $"sigma control cannot ask this node: {node.Folder.Socket} is too long for a socket's path");
            return null;
        }

        return await ControlDoor.StartAsync(
            node.Folder.Socket, log, telemetry.Logs.CreateLogger("SigmaComms.Node"), context.Stop);
    }

    private static async Task<OperationsServer?> AnswerOperatorsAsync(
        CommandContext context,
        OperationsConfiguration configuration,
        string? token,
        ClusterNode running,
        NodeTelemetry telemetry)
    {
        if (configuration.Listen is not { } listen)
        {
            return null;
        }

        ObservedByOperators observed = new(
            () => telemetry.Complete(running.Report()), running.Tree, telemetry.Scrape)
        {
            Control = running.Control is { } log ? log.Status : null,
            Ledger = running.Control is { } read ? read.Read : null,
        };
        return await OperationsServer.StartAsync(
            listen, token, observed, telemetry.Logs.CreateLogger("SigmaComms.Node"), context.Stop);
    }

    private static async Task RunAsync(CommandContext context, LocalNode node, ClusterNode running)
    {
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop);
        await Task.WhenAny(running.Ready, running.Failed, stopped);

        // One that failed at once may have ended both by now.
        if (running.Ready.IsCompletedSuccessfully)
        {
            File.Delete(node.Folder.RefusedFile);
            context.Output.Note($"{node.Name} takes part in the cluster");
            context.Output.Object(writer => writer.WriteString("ready", node.Name));
        }

        if (await Task.WhenAny(running.Failed, stopped) == running.Failed)
        {
            ClusterException reason = await running.Failed;
            if (reason.Reason == ClusterFailure.NotAdmitted)
            {
                // So that sigma cluster up does not try it again and again.
                node.NoteRefused(reason.Message);
            }

            throw reason;
        }

        context.Output.Note($"{node.Name} stops");
    }

    /// <summary>Refuses a node that another process runs.</summary>
    public static void RequireStopped(LocalNode node)
    {
        if (node.Running is { } other && other.Id != Environment.ProcessId)
        {
            throw new CommandException(
                ExitCode.Failure,
                $"cannot run {node.Name}",
                $"it runs already as process {other.Id}",
                $"stop that one first: sigma node stop {node.Name}");
        }
    }

    private static ClusterNodeOptions OptionsOf(
        CommandContext context,
        LocalNode node,
        NodeConfiguration configuration,
        ClusterFile cluster,
        MlDsa65SigningKey key)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        if (NodeSetup.ProblemOf(node.Folder, key.PublicKey.Span, cluster, now) is { } problem)
        {
            throw new CommandException(
                ExitCode.NotAuthorised,
                $"node {node.Name} may not take part",
                problem,
                $"let the operator run: sigma node admit {node.Folder.RequestFile}");
        }

        if (!cluster.HasControlLog)
        {
            context.Output.Note(
                $"{cluster.Name} was made without a control log: its operator's signature alone admits nodes");
        }

        return new ClusterNodeOptions
        {
            Cluster = cluster.Cluster,
            OperatorPublicKey = cluster.OperatorPublicKey,
            Admission = File.ReadAllBytes(node.Folder.AdmissionFile),
            Listen = configuration.Listen,
            Advertise = configuration.Advertise,
            Seeds = configuration.Seeds,
            DataDirectory = node.Folder.DataFolder,
            HealthWindow = TimeSpan.FromSeconds(configuration.Operations.HealthWindowSeconds),
            Control = ControlOf(configuration.Control, cluster),
            Bucket = configuration.Storage.Bucket?.ToOptions(),
            Storage = configuration.Storage.Options,
            Repair = configuration.Storage.RepairOptions,
        };
    }

    private static ControlOptions? ControlOf(ControlConfiguration configuration, ClusterFile cluster) =>
        cluster.OpenGenesis() is not { } genesis
            ? null
            : new ControlOptions
            {
                Genesis = genesis,
                Delay = TimeSpan.FromMilliseconds(configuration.DelayMilliseconds),
                WalSegmentBytes = configuration.SegmentMiB << 20,
            };
}
