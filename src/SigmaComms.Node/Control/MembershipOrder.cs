using System.Globalization;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Membership;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using MachineIds = SigmaComms.Consensus.Machines.MachineIds;

namespace SigmaComms.Node.Control;

/// <summary>Has the validators that run here support a change of the membership until enough do.</summary>
/// <param name="change">The change.</param>
/// <param name="what">What it does, for people; "n5 is admitted".</param>
/// <param name="seconds">How long each command may take.</param>
internal sealed class MembershipOrder(MembershipChange change, string what, int seconds)
{
    private readonly List<string> _supporters = [];
    private string _last = "";
    private uint _missing;

    /// <summary>The block with the command that made the change; default if it is not made.</summary>
    public Height Height { get; private set; }

    /// <summary>Whether the change is made.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Asks one node after the other.</summary>
    /// <param name="context">The command.</param>
    /// <param name="nodes">The nodes; one that is no validator is passed over.</param>
    /// <returns>Whether the change is made, waits for more validators, or why neither.</returns>
    /// <exception cref="CommandException">The log refused it, or no node ordered it.</exception>
    public async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<LocalNode> nodes)
    {
        byte[] payload = new MembershipCommand.Support(change).Encode();
        foreach (LocalNode node in nodes)
        {
            using ControlClient client = new(node);
            Take(await OrderAsync(client, payload, context.Stop), context.Output);
            if (IsDone)
            {
                break;
            }
        }

        if (_supporters.Count == 0)
        {
            throw new CommandException(
                ExitCode.Unavailable, "the change is not ordered", _last,
                "see how the log stands: sigma control status");
        }

        Show(context.Output);
        return IsDone ? ExitCode.Ok : ExitCode.Partial;
    }

    private async Task<ControlReply?> OrderAsync(ControlClient client, byte[] payload, CancellationToken stop)
    {
        try
        {
            return await client.SubmitAsync(MachineIds.Membership, payload, seconds, stop);
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable)
        {
            _last = $"{fault.What}: {fault.Why}";
            return null;
        }
    }

    private void Take(ControlReply? reply, Output output)
    {
        if (reply is null)
        {
            output.Detail(_last);
            return;
        }

        if (!reply.Answer.IsExecuted || !MembershipReply.TryDecode(reply.Answer.Reply.Span, out MembershipReply said))
        {
            _last = $"{reply.Node}: {reply.Answer.Verdict} {reply.Answer.Outcome} {reply.Answer.Detail}";
            output.Detail(_last);
            return;
        }

        switch (said.Status)
        {
            case MembershipStatus.Done or MembershipStatus.Counted:
                _supporters.Add(reply.Node);
                (IsDone, Height, _missing) = (said.Status == MembershipStatus.Done, reply.Answer.Height, said.Missing);
                break;
            case MembershipStatus.NotAllowed:
                _last = $"{reply.Node} is no validator";
                output.Detail(_last);
                break;
            default:
                throw new CommandException(
                    ExitCode.Failure, $"the log refuses the change: {what}", WhyOf(said.Status),
                    "see who belongs to the cluster: sigma control members");
        }
    }

    private void Show(Output output)
    {
        string by = string.Join(", ", _supporters);
        output.Line(IsDone
            ? string.Create(CultureInfo.InvariantCulture, $"{what}, from block {Height} on; supported by {by}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Not yet: {what}. {by} support it; {_missing} more validators must: run this on their machines too"));
        output.Object(writer =>
        {
            writer.WriteString("change", what);
            writer.WriteBoolean("done", IsDone);
            writer.WriteNumber("height", Height.Value);
            writer.WriteNumber("missing", _missing);
            writer.WriteStartArray("supportedBy");
            foreach (string name in _supporters)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        });
    }

    private static string WhyOf(MembershipStatus status) => status switch
    {
        MembershipStatus.NodeUnknown => "no such node belongs to the cluster",
        MembershipStatus.AlreadyMember => "the node belongs to the cluster already",
        MembershipStatus.BadSignature => "a signature in the request does not hold, or its voting key is taken",
        MembershipStatus.WrongState => "the node's state does not allow it now",
        MembershipStatus.Convicted => "the node was convicted of signing contradictions; its key never comes back",
        MembershipStatus.Outdated => "it was made for an earlier epoch or an earlier life of the node",
        MembershipStatus.Full => "there are as many members or open changes as there may be",
        _ => status.ToString(),
    };
}
