using System.CommandLine;
using System.Globalization;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Auditing;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control verify.</summary>
internal sealed class ControlVerifyCommand : Verb
{
    private readonly Argument<string?> _name = new("node")
    {
        Description = "A node of this data folder; all of them if none is named",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _proof = new("--proof")
    {
        HelpName = "FILE",
        Description = "Check this proof of a command instead; the cluster's file is all that is needed",
    };

    public ControlVerifyCommand()
        : base(
            "verify",
            "Checks the stored log of nodes, or a proof, with the validators' keys alone. Asks no node.",
            "sigma control verify",
            "sigma control verify n1 --json",
            "sigma control verify --proof noop.proof --cluster cluster.json")
    {
        Add(_name);
        Add(_proof);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
        if (context.Arguments.GetValue(_proof) is { } file)
        {
            RequireNoNode(context);
            Show(context.Output, ProofFile.Load(file, cluster), new NodeNames(context.Home, cluster));
            return Task.FromResult(ExitCode.Ok);
        }

        ControlGenesis genesis = cluster.OpenGenesis()!;
        bool isWhole = true;
        foreach (LocalNode node in ControlNodes.Of(context, context.Arguments.GetValue(_name)))
        {
            ControlAuditReport report = ControlAudit.Run(node.Folder.ControlFolder, genesis, context.Stop);
            isWhole &= report.Fault is null;
            Show(context.Output, node.Name, report);
        }

        return isWhole
            ? Task.FromResult(ExitCode.Ok)
            : throw new CommandException(
                ExitCode.VerificationFailed, "the stored log does not hold", "see above",
                "keep a copy of the folder; a node mends what it lost from its peers when it runs");
    }

    private void RequireNoNode(CommandContext context)
    {
        if (context.Arguments.GetValue(_name) is { } name)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot check both", $"--proof and the stored log of {name} are two things",
                "give one of them");
        }
    }

    private static void Show(Output output, CommandProof proof, NodeNames names)
    {
        BlockHeader header = proof.Header;
        DateTimeOffset time = new(header.Timestamp, TimeSpan.Zero);
        Certificate certificate = proof.Proof.Finality.Certificate;
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Command {proof.Command.Sequence} of {proof.Command.Client} is in block {header.Height} of {time:u}"));
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  signed by {names.Of(proof.Proof.Place.Signer)}; final in epoch {certificate.Epoch.Value} by "
            + $"{certificate.Votes.Count} validators, {proof.Handovers.Count} hand-overs after the genesis"));
        output.Object(writer =>
        {
            writer.WriteString("client", proof.Command.Client.ToString());
            writer.WriteNumber("sequence", proof.Command.Sequence);
            writer.WriteNumber("machine", proof.Command.Machine);
            writer.WriteString("payload", Convert.ToHexStringLower(proof.Command.Payload.Span));
            writer.WriteString("signer", proof.Proof.Place.Signer.ToString());
            writer.WriteNumber("height", header.Height.Value);
            writer.WriteString("timestamp", time);
            writer.WriteNumber("epoch", certificate.Epoch.Value);
            writer.WriteNumber("votes", certificate.Votes.Count);
            writer.WriteNumber("handovers", proof.Handovers.Count);
        });
    }

    private static void Show(Output output, string name, ControlAuditReport report)
    {
        output.Line(report.StateRoot is { } state
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: blocks 1 to {report.Height} executed anew from the genesis, state {state}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: blocks {report.First} to {report.Height}; older ones are dropped, so nothing is executed"));
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Commands} commands in {report.Groups} signed groups; epoch {report.Epoch.Value} now"));
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  final up to block {report.ProvenHeight}: {report.Certificates} certificates, {report.Votes} votes"));
        if (report.ProvenHeight < report.Height)
        {
            output.Line("  what is after that follows from it, and its certificates are not stored yet");
        }

        if (report.Fault is { } fault)
        {
            output.Line($"  DOES NOT HOLD: {fault}");
        }

        output.Object(writer =>
        {
            writer.WriteString("name", name);
            writer.WriteNumber("firstHeight", report.First.Value);
            writer.WriteNumber("height", report.Height.Value);
            writer.WriteNumber("provenHeight", report.ProvenHeight.Value);
            writer.WriteString("digest", report.Digest.ToString());
            writer.WriteString("stateRoot", report.StateRoot?.ToString());
            writer.WriteNumber("epoch", report.Epoch.Value);
            writer.WriteNumber("groups", report.Groups);
            writer.WriteNumber("commands", report.Commands);
            writer.WriteNumber("certificates", report.Certificates);
            writer.WriteNumber("votes", report.Votes);
            writer.WriteString("fault", report.Fault);
        });
    }
}
