using System.CommandLine;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node admit.</summary>
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

    public NodeAdmitCommand()
        : base(
            "admit",
            "Signs, with the operator's key, that a node may take part.",
            "sigma node admit n5",
            "sigma node admit incoming/node.request --out outgoing/node.admission --days 90")
    {
        Add(_node);
        Add(_out);
        Add(_days);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
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
        using Operator signer = Operator.Load(context.Home, cluster, SystemRandom.Instance);
        NodeAdmission admission = signer.Admit(request, context.Time.GetUtcNow().AddDays(days));
        string target = context.Arguments.GetValue(_out)
            ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(requestFile))!, "node.admission");
        SigmaHome.WritePrivate(target, admission.Encoded.Span);
        context.Output.Line(
            $"Node {request.Name} ({admission.Node.Short}) is admitted until {admission.NotAfter:u}: {target}");
        context.Output.Object(writer =>
        {
            writer.WriteString("name", request.Name);
            writer.WriteString("node", admission.Node.ToString());
            writer.WriteString("notAfter", admission.NotAfter);
            writer.WriteString("file", target);
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
