using System.CommandLine;
using System.Globalization;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Auditing;
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

    public ControlVerifyCommand()
        : base(
            "verify",
            "Checks the stored log of nodes from the genesis on, with the validators' keys alone. Asks no node.",
            "sigma control verify",
            "sigma control verify n1 --json")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        ControlGenesis genesis = ControlNodes.RequireLog(context).OpenGenesis()!;
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

    private static void Show(Output output, string name, ControlAuditReport report)
    {
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: blocks 1 to {report.Height} executed anew from the genesis, state {report.StateRoot}"));
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
            writer.WriteNumber("height", report.Height.Value);
            writer.WriteNumber("provenHeight", report.ProvenHeight.Value);
            writer.WriteString("digest", report.Digest.ToString());
            writer.WriteString("stateRoot", report.StateRoot.ToString());
            writer.WriteNumber("epoch", report.Epoch.Value);
            writer.WriteNumber("groups", report.Groups);
            writer.WriteNumber("commands", report.Commands);
            writer.WriteNumber("certificates", report.Certificates);
            writer.WriteNumber("votes", report.Votes);
            writer.WriteString("fault", report.Fault);
        });
    }
}
