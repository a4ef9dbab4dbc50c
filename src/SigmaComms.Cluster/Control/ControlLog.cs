using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;

namespace SigmaComms.Cluster.Control;

/// <summary>The control log as everybody on a node sees it. Safe to call from any thread.</summary>
public sealed class ControlLog
{
    private readonly ControlDesk _desk;
    private readonly IActorRef _control;

    internal ControlLog(ControlDesk desk, IActorRef control) => (_desk, _control) = (desk, control);

    /// <summary>How the log began.</summary>
    public ControlGenesis Genesis => _desk.Genesis;

    /// <summary>How this node's replica stands.</summary>
    public ControlStatus Status() => _desk.Board.Status;

    /// <summary>The state after the last final block that is here; it says how far behind that may be.</summary>
    public ControlReading Read() => _desk.Board.Reading;

    /// <summary>
    /// Orders a command that this node numbers and signs. It is executed at most once, and exactly once if the answer
    /// is final. A client that wants to ask again elsewhere signs itself, see <see cref="SubmitGroupAsync"/>.
    /// </summary>
    /// <param name="machine">The number of the state machine.</param>
    /// <param name="payload">1 to 65,536 bytes.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait, not the command.</param>
    public async Task<CommandAnswer> SubmitAsync(
        ushort machine, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            return await _control.Ask<CommandAnswer>(new SubmitCommand(machine, payload), timeout, ct);
        }
        catch (AskTimeoutException)
        {
            return CommandAnswer.Refused(ControlVerdict.TimedOut, TooLate(timeout));
        }
        catch (AskTargetTerminatedException)
        {
            return CommandAnswer.Refused(ControlVerdict.Unavailable, "this node is stopping");
        }
    }

    /// <summary>
    /// Orders a group that a client signed. Exactly once, through however many nodes it is handed in: a repeat gets the
    /// first answer.
    /// </summary>
    /// <param name="encoded">The encoded group; untrusted.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="ct">Ends the wait, not the commands.</param>
    /// <returns>An answer for each command, or one if they were refused together.</returns>
    public async Task<IReadOnlyList<CommandAnswer>> SubmitGroupAsync(
        ReadOnlyMemory<byte> encoded, TimeSpan timeout, CancellationToken ct)
    {
        // The group keeps its bytes; they must not change any more.
        if (!CommandGroup.TryDecode(encoded.ToArray(), out CommandGroup? group))
        {
            return [CommandAnswer.Refused(ControlVerdict.Malformed, "the bytes are no group of commands")];
        }

        if (!_desk.Verifier.IsSigned(group))
        {
            return [CommandAnswer.Refused(
                ControlVerdict.BadSignature, "the group is not signed by its signer for this cluster")];
        }

        return AnswersOf(await AskAsync(group, timeout, ct));
    }

    private async Task<GroupAnswer> AskAsync(CommandGroup group, TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            return await _control.Ask<GroupAnswer>(new SubmitGroup(group), timeout, ct);
        }
        catch (AskTimeoutException)
        {
            return GroupAnswer.Refused(ControlVerdict.TimedOut, TooLate(timeout));
        }
        catch (AskTargetTerminatedException)
        {
            return GroupAnswer.Refused(ControlVerdict.Unavailable, "this node is stopping");
        }
    }

    private static List<CommandAnswer> AnswersOf(GroupAnswer answer)
    {
        if (answer.Verdict != ControlVerdict.Final)
        {
            return [CommandAnswer.Refused(answer.Verdict, answer.Detail)];
        }

        List<CommandAnswer> answers = [];
        foreach (CommandResult result in answer.Results)
        {
            answers.Add(new CommandAnswer(
                ControlVerdict.Final, result.Outcome, result.Reply, answer.Height, result.Client, result.Sequence,
                string.Empty));
        }

        return answers;
    }

    private static string TooLate(TimeSpan timeout) =>
        $"not final within {timeout.TotalMilliseconds:F0} ms; it may still be executed";
}
