using System.CommandLine;
using SigmaComms.Cluster;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node join.</summary>
internal sealed class NodeJoinCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "The new node's name" };

    private readonly Option<string> _listen = new("--listen")
    {
        HelpName = "HOST:PORT",
        Description = "Where it listens",
        Required = true,
    };

    private readonly Option<string?> _advertise = new("--advertise")
    {
        HelpName = "HOST:PORT",
        Description = "Where others reach it; else where it listens",
    };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        HelpName = "FILE",
        Description = "Seed file of a node to join through, may be repeated; else the nodes of the cluster file",
    };

    private readonly Option<bool> _validator = new("--validator")
    {
        Description = "Ask to vote in the control log too; else it only follows it",
    };

    private readonly Option<bool> _detach = new("--detach") { Description = "Run in the background" };

    public NodeJoinCommand()
        : base(
            "join",
            "Prepares a new node and, once it is admitted, runs it.",
            "sigma node join n5 --listen 127.0.0.1:7105",
            "sigma node admit n5",
            "sigma node join n5 --listen 127.0.0.1:7105 --detach")
    {
        Add(_name);
        Add(_listen);
        Add(_advertise);
        Add(_seeds);
        Add(_validator);
        Add(_detach);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = NodeName.Parse(context.Arguments.GetRequiredValue(_name))
            ?? throw new CommandException(
                ExitCode.Usage, "cannot prepare the node", "its name is not usable", $"choose {NodeName.Wanted}");
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        NodeEndpoint listen = EndpointOf(context.Arguments.GetRequiredValue(_listen));
        NodeEndpoint advertise = context.Arguments.GetValue(_advertise) is { } text ? EndpointOf(text) : listen;
        SeedNode[] seeds = [.. (context.Arguments.GetValue(_seeds) ?? []).Select(SeedOf)];
        PlannedNode planned = new(name, listen, advertise);
        if (!planned.IsReachable)
        {
            throw new CommandException(
                ExitCode.Usage,
                "cannot prepare the node",
                $"others cannot reach it at {advertise}",
                "say where they can: --advertise HOST:PORT");
        }

        LocalNode node = new(context.Home, name, context.Time);
        NodeRunCommand.RequireStopped(node);
        AdmissionRequestFile request = NodeSetup.Prepare(node.Folder, planned, SystemRandom.Instance);
        seeds = seeds.Length > 0 ? seeds : [.. cluster.Nodes.Where(n => n.Id != request.Id).Select(n => n.Seed)];
        NodeConfiguration.Of(planned, seeds).Save(node.Folder.ConfigurationFile);
        if (cluster.HasControlLog)
        {
            AskLog(context, node, request, cluster);
        }

        RequireAdmission(context, node, request, cluster);
        return context.Arguments.GetValue(_detach)
            ? await NodeStartCommand.StartAsync(context, node)
            : await NodeRunCommand.RunNodeAsync(context, node);
    }

    /// <summary>
    /// The first time the request is made. From then on the node may try: the others tell it whether the log has
    /// admitted it.
    /// </summary>
    private void AskLog(
        CommandContext context, LocalNode node, AdmissionRequestFile request, ClusterFile cluster)
    {
        bool isAsked = !request.Membership.IsEmpty;
        if (!isAsked || context.Arguments.GetValue(_validator))
        {
            request = NodeSetup.AskLog(
                node.Folder, request, cluster, context.Arguments.GetValue(_validator), SystemRandom.Instance);
        }

        if (isAsked && !File.Exists(node.Folder.AdmissionFile))
        {
            NodeSetup.SignOwnWord(
                node.Folder, request, cluster, context.Time.GetUtcNow(), SystemRandom.Instance);
        }
    }

    private static void RequireAdmission(
        CommandContext context, LocalNode node, AdmissionRequestFile request, ClusterFile cluster)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        if (NodeSetup.ProblemOf(node.Folder, request.PublicKey.Span, cluster, now) is not { } why)
        {
            return;
        }

        throw new CommandException(
            ExitCode.NotAuthorised,
            $"node {node.Name} may not take part",
            why,
            cluster.HasControlLog
                ? $"let it be admitted where validators run: sigma node admit {node.Folder.RequestFile}; put what the "
                    + $"operator signs, if there is any, at {node.Folder.AdmissionFile}, then run this again"
                : $"let the operator run: sigma node admit {node.Folder.RequestFile}; put the result at "
                    + $"{node.Folder.AdmissionFile}, then run this again");
    }

    private static SeedNode SeedOf(string path)
    {
        SeedFile file = ConfigurationObject.ReadFile(path, SeedFile.Read);
        return file.Id is { } id
            ? new SeedNode(id, file.Endpoint)
            : throw new CommandException(
                ExitCode.Usage,
                $"cannot use the seed file {path}",
                "it does not say the node's public key",
                "take the completed file from the folder seed-nodes where that node was made");
    }

    private static NodeEndpoint EndpointOf(string text) => NodeEndpoint.TryParse(text, out NodeEndpoint? endpoint)
        ? endpoint!
        : throw new CommandException(
            ExitCode.Usage, "cannot prepare the node", $"\"{text}\" is no endpoint",
                "write host:port, port 1 to 65535");
}
