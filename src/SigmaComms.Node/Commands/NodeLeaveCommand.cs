using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;
using MachineIds = SigmaComms.Consensus.Machines.MachineIds;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node leave.</summary>
internal sealed class NodeLeaveCommand : Verb
{
    private const int AskSeconds = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(15);

    private readonly Argument<string> _name = new("name") { Description = "A running node of this data folder" };
    private readonly CountOption _timeout = TimeoutOption.Create();
    private CommandException? _refusal;

    public NodeLeaveCommand()
        : base(
            "leave",
            "Has a node leave the cluster in good order: a validator votes until the others go on without it.",
            "sigma node leave n5")
    {
        Add(_name);
        Add(_timeout);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ControlNodes.RequireLog(context);
        LocalNode node = ControlNodes.Running(context, context.Arguments.GetRequiredValue(_name))[0];
        NodeId id = Admission.AdmissionRequestFile.Load(node.Folder.RequestFile).Id;
        int seconds = TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout));
        long start = context.Time.GetTimestamp();
        using ControlClient client = new(node);
        while (context.Time.GetElapsedTime(start).TotalSeconds < seconds)
        {
            switch (await StandingAsync(client, node, id, context.Stop))
            {
                case Standing.Gone:
                    // What comes next, sigma cluster up above all, shall find its process ended.
                    bool hasEnded = await node.WaitEndedAsync(EndPatience, context.Stop);
                    Tell(context.Output, node.Name, hasEnded);
                    return ExitCode.Ok;
                case Standing.MayAsk:
                    await AskAsync(client, context.Stop);
                    break;
                default:
                    await Task.Delay(Pause, context.Time, context.Stop);
                    break;
            }
        }

        throw _refusal ?? new CommandException(
            ExitCode.Partial,
            $"{node.Name} has not left yet",
            "it drains, and votes until the others can go on without it: with fewer than five validators they cannot",
            "have another validator join, and run this again; or have it evicted: sigma node evict");
    }

    // Whether it was ordered is seen by how the node then stands: it may be cut off before it can answer.
    private async Task AskAsync(ControlClient client, CancellationToken stop)
    {
        try
        {
            ControlReply reply = await client.SubmitAsync(
                MachineIds.Membership, new MembershipCommand.Leave().Encode(), AskSeconds, stop);
            _refusal = reply.Answer.IsExecuted ? null : new CommandException(
                ExitCode.Unavailable, $"{reply.Node} could not ask to leave",
                $"{reply.Answer.Verdict}, {reply.Answer.Detail}", "see how the log stands: sigma control status");
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable)
        {
            _refusal = fault;
        }
    }

    // Asked once it drains; asked again when it votes no more, it is gone.
    private async Task<Standing> StandingAsync(
        ControlClient client, LocalNode node, NodeId id, CancellationToken stop)
    {
        try
        {
            JsonElement answer = await client.MembersAsync(stop);
            JsonElement own = answer.GetProperty("members").EnumerateArray()
                .FirstOrDefault(member => StatusText.Text(member, "node") == id.ToString());
            bool isNeeded = own.ValueKind == JsonValueKind.Object
                && (own.GetProperty("isVoting").GetBoolean() || own.GetProperty("votesNext").GetBoolean());
            return StatusText.Text(own, "state") switch
            {
                // Its process has yet to see it, and then leaves word of it for sigma cluster up.
                "evicted" => node.Refusal is null && node.Running is not null ? Standing.MustWait : Standing.Gone,
                "draining" when isNeeded => Standing.MustWait,
                "" => throw new CommandException(
                    ExitCode.Failure, $"{node.Name} cannot leave", "it does not belong to the cluster",
                    "see who does: sigma control members"),
                _ => Standing.MayAsk,
            };
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable && node.Refusal is not null)
        {
            // Its process has read in the log that it belongs to the cluster no more, and ended.
            return Standing.Gone;
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable && node.Running is not null)
        {
            _refusal = fault;
            return Standing.MustWait;
        }
    }

    private static void Tell(Output output, string name, bool hasEnded)
    {
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} has left the cluster; its process {(hasEnded ? "has ended" : "ends")}"));
        output.Object(writer => writer.WriteString("left", name));
    }

    private enum Standing
    {
        MayAsk,
        MustWait,
        Gone,
    }
}
