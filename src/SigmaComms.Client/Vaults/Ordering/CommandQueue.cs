using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Has commands ordered. One group is on its way at a time; what comes meanwhile goes together into the next one, so
/// that one signature serves many. Safe to call from any thread.
/// </summary>
internal sealed class CommandQueue(CommandSigner signer, GroupDelivery delivery) : IAsyncDisposable
{
    /// <summary>Commands in a group: as many as the log keeps replies of, so that a repeat is answered.</summary>
    private const int CommandsMax = 16;

    private const int BytesMax = LinkLimits.CommandGroupBytes - CommandGroup.OverheadSize - 64;
    private const int AttemptsMax = 12;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingCommand> _waiting = [];
    private readonly CancellationTokenSource _closing = new();
    private Task _sending = Task.CompletedTask;
    private bool _isSending;

    /// <summary>Has a command ordered.</summary>
    /// <param name="payload">What the machine of vaults reads.</param>
    /// <param name="ct">Stops waiting; the command may still be executed.</param>
    public Task<CommandFate> SendAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        WaitingCommand waiting = new(payload);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (!_isSending)
            {
                _isSending = true;
                _sending = SendAllAsync(_sending);
            }
        }

        return waiting.Fate.WaitAsync(ct);
    }

    /// <summary>Hears of the log's time from a node.</summary>
    public void Hear(ulong ticks)
    {
        lock (_gate)
        {
            signer.Hear(ticks);
        }
    }

    /// <summary>Stops; what is on its way has an unknown fate. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Task sending;
        lock (_gate)
        {
            sending = _sending;
        }

        await sending;
    }

    private async Task SendAllAsync(Task before)
    {
        await before;
        while (Take() is { Count: > 0 } taken)
        {
            try
            {
                await SendAsync(taken);
            }
            catch (OperationCanceledException)
            {
                taken.ForEach(static command => command.End(CommandFate.Unknown("the vaults were closed")));
            }
        }
    }

    private List<WaitingCommand> Take()
    {
        List<WaitingCommand> taken = [];
        int sizeBytes = 0;
        lock (_gate)
        {
            while (taken.Count < CommandsMax && _waiting.TryPeek(out WaitingCommand? next)
                && sizeBytes + next.Payload.Length + Command.OverheadSize <= BytesMax)
            {
                sizeBytes += next.Payload.Length + Command.OverheadSize;
                taken.Add(_waiting.Dequeue());
            }

            _isSending = taken.Count > 0;
        }

        return taken;
    }

    private async Task SendAsync(List<WaitingCommand> commands)
    {
        string why = "";
        for (int attempt = 0; attempt < AttemptsMax && commands.Count > 0; attempt++)
        {
            CommandGroup group;
            lock (_gate)
            {
                group = signer.Sign([.. commands.Select(static command => command.Payload)]);
            }

            (CommandsOrdered? ordered, NodeId node, CommandFate? shared) =
                await delivery.SendAsync(group, _closing.Token);
            if (ordered is null)
            {
                commands.ForEach(command => command.End(shared!));
                return;
            }

            lock (_gate)
            {
                (commands, why) = Settle(commands, ordered, node, why);
            }
        }

        commands.ForEach(command => command.End(CommandFate.Refused(RefusalReason.Unavailable, why)));
    }

    /// <summary>Ends those whose fate is known; the others go again.</summary>
    private (List<WaitingCommand> Again, string Why) Settle(
        List<WaitingCommand> commands, CommandsOrdered ordered, NodeId node, string why)
    {
        List<WaitingCommand> again = [];
        CommandOutcome mended = CommandOutcome.None;
        for (int i = 0; i < commands.Count; i++)
        {
            OrderedCommand answer = ordered.Commands[i];
            var outcome = (CommandOutcome)answer.Outcome;
            if (outcome is CommandOutcome.Executed or CommandOutcome.Repeated
                && VaultReply.TryDecode(answer.Reply.Span, out VaultReply reply))
            {
                signer.Worked();
                commands[i].End(CommandFate.Answered(reply, ordered.Height, node));
            }
            else if (outcome == CommandOutcome.MachineUnknown)
            {
                commands[i].End(CommandFate.Refused(RefusalReason.NotFound, "the cluster's log keeps no vaults"));
            }
            else
            {
                // One outcome is mended at a time: of a group that a session could not take, all have the same.
                if (mended != outcome)
                {
                    why = mended == CommandOutcome.None ? Mend(outcome, answer) : why;
                    mended = mended == CommandOutcome.None ? outcome : mended;
                }

                commands[i].IsInDoubt |= outcome is CommandOutcome.ReplyForgotten or CommandOutcome.SequenceTooOld;
                again.Add(commands[i]);
            }
        }

        return (again, why);
    }

    private string Mend(CommandOutcome outcome, OrderedCommand answer)
    {
        switch (outcome)
        {
            case CommandOutcome.ClockAhead:
                signer.Correct(answer.Reply.Span);
                return "the clock of this machine is ahead of the cluster's; set it right";
            case CommandOutcome.SessionUnknown:
                return signer.TryOpen() ? "" : "the clock of this machine is behind the cluster's; set it right";
            case CommandOutcome.NotSessionOwner or CommandOutcome.SessionsFull:
                signer.Move();
                return "this device has as many sessions with the log as it may; wait an hour";
            case CommandOutcome.SignerUnknown:
                return "no node vouches for this device any more";
            default:
                signer.Leap();
                return $"the log does not take the command's number: {outcome}";
        }
    }
}
