using SigmaComms.Cluster.Clients;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control.Vaults;

/// <summary>
/// What a node does for clients with the streams of vaults in the control log: it has their signed commands ordered,
/// and reads. It can neither change a command nor make one. Safe to call from any thread.
/// </summary>
internal sealed class VaultDoor(NodeContext node, ControlLog log, DeviceLookup devices)
{
    /// <summary>How long the log may take; a client waits a little longer for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Sponsor _sponsor = new(node, log, devices);
    private readonly VaultReader _reader = new(node.Time, log);

    /// <summary>Answers a client.</summary>
    /// <param name="device">The client's device, as its channel proved it.</param>
    /// <param name="message">What it asks.</param>
    /// <param name="gone">Completes when the client is gone: nobody waits for its sake any longer.</param>
    public async ValueTask<LinkMessage> AnswerAsync(NodeId device, LinkMessage message, Task gone) => message switch
    {
        SubmitCommands submit => await OrderAsync(device, submit),
        ReadVault read => await _reader.ReadAsync(device, read, gone),
        ListVaults list => _reader.List(device, list),
        _ => new Refused(RefusalReason.UnknownMessage, $"{message.GetType().Name} is not about vaults"),
    };

    private async ValueTask<LinkMessage> OrderAsync(NodeId device, SubmitCommands submit)
    {
        if (!CommandGroup.TryDecode(submit.Group, out CommandGroup? group))
        {
            return new Refused(RefusalReason.Malformed, "the bytes are no group of commands");
        }

        if (group.Signer != device)
        {
            return new Refused(
                RefusalReason.NotAllowed, $"this connection proved to be device {device.Short}, not the signer");
        }

        if (group.Commands.Count > LinkLimits.CommandsPerGroup
            || group.Commands.Any(static command => command.Machine != MachineIds.VaultCommands))
        {
            return new Refused(
                RefusalReason.NotAllowed,
                $"at most {LinkLimits.CommandsPerGroup} commands to vaults are ordered for a client at once");
        }

        return await _sponsor.ObjectionAsync(device)
            ?? AnswerOf(await log.SubmitGroupAsync(submit.Group, Patience, CancellationToken.None));
    }

    private static LinkMessage AnswerOf(IReadOnlyList<CommandAnswer> answers)
    {
        CommandAnswer first = answers[0];
        return first.Verdict == ControlVerdict.Final
            ? new CommandsOrdered(
                first.Height.Value,
                [.. answers.Select(static answer => new OrderedCommand((byte)answer.Outcome, answer.Reply))])
            : new Refused(ReasonOf(first.Verdict), first.Detail);
    }

    private static RefusalReason ReasonOf(ControlVerdict verdict) => verdict switch
    {
        ControlVerdict.Malformed => RefusalReason.Malformed,
        ControlVerdict.BadSignature => RefusalReason.BadSignature,
        ControlVerdict.Busy => RefusalReason.Overloaded,
        ControlVerdict.TimedOut => RefusalReason.TimedOut,
        ControlVerdict.Stranger => RefusalReason.UnknownDevice,
        _ => RefusalReason.Unavailable,
    };
}
