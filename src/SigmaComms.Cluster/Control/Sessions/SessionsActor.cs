using System.Buffers.Binary;
using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Sessions;

/// <summary>
/// Orders commands for clients that trust this node. While groups are on their way, further commands gather for the
/// next one, so that one signature serves many. A session has one group on its way at a time, as numbers that come too
/// late are not executed any more.
/// </summary>
internal sealed class SessionsActor : ReceiveActor
{
    private const int FlightsMax = 4;
    private const int TriesMax = 3;
    private const int GroupBytesMax = CommandGroup.EncodedSizeMax - CommandGroup.OverheadSize;

    /// <summary>Longer than anybody asks for: whoever asked has gone by then.</summary>
    private static readonly TimeSpan FlightTimeout = TimeSpan.FromMinutes(2);

    private readonly ControlDesk _desk;
    private readonly IActorRef _control;
    private readonly LinkedList<WaitingCommand> _waiting = new();
    private readonly Stack<NodeSession> _free = new();
    private int _flights;
    private long _clock;

    public SessionsActor(ControlDesk desk, IActorRef control)
    {
        _desk = desk;
        _control = control;
        Receive<SubmitCommand>(OnSubmit);
        Receive<Landed>(OnLanded);
    }

    private void OnSubmit(SubmitCommand submit)
    {
        IActorRef asker = Sender!;
        if (submit.Payload.Length is 0 or > Command.PayloadSizeMax)
        {
            asker.Tell(CommandAnswer.Refused(
                ControlVerdict.Malformed, $"a command has 1 to {Command.PayloadSizeMax} bytes"));
        }
        else if (_waiting.Count >= _desk.Options.WaitingCommandsMax)
        {
            asker.Tell(CommandAnswer.Refused(ControlVerdict.Busy, "too many commands wait on this node"));
        }
        else
        {
            _waiting.AddLast(new WaitingCommand(submit, asker, 0));
            Launch();
        }
    }

    private void Launch()
    {
        while (_flights < FlightsMax && _waiting.Count > 0)
        {
            List<WaitingCommand> taken = Take();
            NodeSession session = _free.TryPop(out NodeSession free) ? free : NewSession();
            List<Command> commands = [];
            foreach (WaitingCommand waiting in taken)
            {
                commands.Add(new Command(
                    session.Client, session.Next + (ulong)commands.Count, waiting.Submit.Machine,
                    waiting.Submit.Payload));
            }

            _flights++;
            CommandGroup group = Sign(commands);
            NodeSession after = session with { Next = session.Next + (ulong)commands.Count };
            Context.PipeToSelf(
                _control.Ask<GroupAnswer>(new SubmitGroup(group), FlightTimeout, Context.StopToken),
                answer => new Landed(taken, commands, after, answer),
                error => new Landed(
                    taken, commands, after, GroupAnswer.Refused(ControlVerdict.TimedOut, error.Message)));
        }
    }

    private List<WaitingCommand> Take()
    {
        List<WaitingCommand> taken = [];
        int sizeBytes = 0;
        while (_waiting.First is { } first && taken.Count < CommandGroup.CommandsMax)
        {
            sizeBytes += first.Value.Submit.Payload.Length + Command.OverheadSize;
            if (sizeBytes > GroupBytesMax)
            {
                break;
            }

            taken.Add(first.Value);
            _waiting.RemoveFirst();
        }

        return taken;
    }

    private NodeSession NewSession()
    {
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        _desk.Node.Random.Fill(id);
        return new NodeSession(new Digest(id), 1);
    }

    private CommandGroup Sign(List<Command> commands)
    {
        byte[] signed = CommandGroup.EncodeSigned(LogTime(), commands);
        byte[] signature = _desk.Node.Key.Sign(
            signed, CommandGroup.SignatureContext(_desk.Genesis.Cluster), _desk.Node.Random);
        return CommandGroup.Assemble(_desk.Node.Key.PublicKey.Span, signed, signature);
    }

    // The log's time as far as it is known here; a clock that is far off counts only where nothing else is known.
    private long LogTime()
    {
        long final = Math.Max(_desk.Board.Reading.Timestamp, _clock);
        long now = _desk.Node.Time.GetUtcNow().UtcTicks;
        return final == 0 ? now : Math.Max(final + 1, Math.Min(now, final + (5 * TimeSpan.TicksPerSecond)));
    }

    private void OnLanded(Landed landed)
    {
        _flights--;
        bool isFinal = landed.Answer.Verdict == ControlVerdict.Final;
        bool isUsable = isFinal;
        for (int i = landed.Commands.Count - 1; i >= 0; i--)
        {
            WaitingCommand waiting = landed.Waiting[i];
            CommandResult result = isFinal ? landed.Answer.Results[i] : default;
            bool isMendable = isFinal
                && result.Outcome is CommandOutcome.ClockAhead or CommandOutcome.SessionUnknown;
            isUsable &= !isMendable;
            if (isMendable && waiting.Tries < TriesMax)
            {
                // It was not executed: nobody but this node knows the session.
                Learn(result);
                _waiting.AddFirst(waiting with { Tries = waiting.Tries + 1 });
                continue;
            }

            waiting.Asker.Tell(isFinal
                ? new CommandAnswer(
                    ControlVerdict.Final, result.Outcome, result.Reply, landed.Answer.Height, result.Client,
                    result.Sequence, string.Empty)
                : new CommandAnswer(
                    landed.Answer.Verdict, CommandOutcome.None, default, default, landed.Commands[i].Client,
                    landed.Commands[i].Sequence, landed.Answer.Detail));
        }

        // Of a group that is not final it is not known which numbers are used up.
        if (isUsable)
        {
            _free.Push(landed.Session);
        }

        Launch();
    }

    private void Learn(CommandResult result)
    {
        if (result.Outcome == CommandOutcome.ClockAhead && result.Reply.Length == sizeof(long))
        {
            _clock = BinaryPrimitives.ReadInt64BigEndian(result.Reply.Span);
        }
    }

    private sealed record Landed(
        List<WaitingCommand> Waiting, List<Command> Commands, NodeSession Session, GroupAnswer Answer);
}
