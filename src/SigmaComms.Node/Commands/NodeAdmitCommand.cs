using System.CommandLine;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node admit, sigma cluster admit and sigma control propose-admit.</summary>
internal sealed class NodeAdmitCommand : Verb
{
    private readonly Argument<string> _node = new("node")
    {
        Description = "A node of this data folder, or the node.request file of a node elsewhere",
    };

    private readonly Option<string?> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "Where to put the admission; else node.admission beside the request",
    };

    private readonly Option<int> _days = new("--days")
    {
        HelpName = "DAYS",
        Description = $"How long it holds. Default {Operator.ValidDaysDefault}",
        DefaultValueFactory = _ => Operator.ValidDaysDefault,
    };

    private readonly Option<string?> _by = NodeOption.Create("The one validator that supports it; else all here");
    private readonly CountOption _timeout = TimeoutOption.Create();

    /// <summary>Names the verb: it has one name in each of three groups.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="examples">Whole command lines.</param>
    public NodeAdmitCommand(string name, params string[] examples)
        : base(
            name,
            "Admits a node: the validators that run here order it in the control log, and the operator signs.",
            examples)
    {
        Add(_node);
        Add(_out);
        Add(_days);
        Add(_by);
        Add(_timeout);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string node = context.Arguments.GetRequiredValue(_node);
        int days = context.Arguments.GetValue(_days);
        if (days is < 1 or > 3650)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot admit a node", $"--days is {days}", "choose a number from 1 to 3650");
        }

        string requestFile = File.Exists(node) ? node : context.Home.Node(node).RequestFile;
        if (!File.Exists(requestFile))
        {
            throw new CommandException(
                ExitCode.NotFound,
                $"cannot admit {node}",
                $"there is no request {requestFile}",
                "make it with sigma node join on the node's machine");
        }

        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        AdmissionRequestFile request = AdmissionRequestFile.Load(requestFile);
        string target = context.Arguments.GetValue(_out)
            ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(requestFile))!, "node.admission");
        if (!cluster.HasControlLog)
        {
            using Operator signer = Operator.Load(context.Home, cluster, SystemRandom.Instance);
            Sign(context, signer, request, days, target);
            return ExitCode.Ok;
        }

        return await OrderAsync(context, cluster, request, days, target);
    }

    /// <summary>The log decides; the operator's word, where its key is, tells clients too who the node is.</summary>
    private async Task<ExitCode> OrderAsync(
        CommandContext context, ClusterFile cluster, AdmissionRequestFile request, int days, string target)
    {
        if (!NodeRequest.TryDecode(request.Membership, out NodeRequest? membership) || membership.Node != request.Id)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"cannot admit {request.Name}",
                "its request says nothing to the control log",
                "make it anew with this sigma on the node's machine: sigma node join");
        }

        using Operator? signer = File.Exists(context.Home.OperatorKeyFile)
            ? Operator.Load(context.Home, cluster, SystemRandom.Instance)
            : null;
        MembershipOrder order = new(
            new MembershipChange.Admit(membership), $"{request.Name} is admitted",
            TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout)));
        LocalNode[] validators = ControlNodes.Running(context, context.Arguments.GetValue(_by));
        ExitCode result = await order.RunAsync(context, validators);
        if (signer is not null)
        {
            Sign(context, signer, request, days, target);
        }

        return result;
    }

    private static void Sign(
        CommandContext context, Operator signer, AdmissionRequestFile request, int days, string target)
    {
        NodeAdmission admission = signer.Admit(request, context.Time.GetUtcNow().AddDays(days));
        SigmaHome.WritePrivate(target, admission.Encoded.Span);
        context.Output.Line(
            $"The operator's word for {request.Name} ({admission.Node.Short}) until {admission.NotAfter:u}: {target}");
        context.Output.Object(writer =>
        {
            writer.WriteString("name", request.Name);
            writer.WriteString("node", admission.Node.ToString());
            writer.WriteString("notAfter", admission.NotAfter);
            writer.WriteString("file", target);
        });
    }
}
