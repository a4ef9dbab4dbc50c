using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Has what validators did wrong ordered as commands. For the replica's actor.</summary>
internal sealed class AccusationDesk(ControlDesk desk)
{
    /// <summary>How long a command may take before it is ordered once more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A validator did what no honest one does.</summary>
    /// <param name="accuse">What it did.</param>
    /// <param name="validators">The validators of the epoch in which it did it.</param>
    /// <param name="context">The replica's actor.</param>
    public void Take(Effect.Accuse accuse, ValidatorSet validators, IActorContext context)
    {
        Accusation accusation = accuse.Accusation;
        desk.Counters.NoteAccusation();
        desk.Node.Logger.Accused(validators[accusation.Accused].Node.Short, accusation.Kind.ToString());
        Order(new Ordered(MembershipCommand.Against(accusation, validators).Encode(), null), context);
    }

    /// <summary>A command was answered: one that is not final is ordered once more.</summary>
    public static void Answered(Ordered ordered, IActorContext context)
    {
        if (ordered.Answer?.Verdict != ControlVerdict.Final)
        {
            context.Timers.StartSingle(ordered.Payload, ordered with { Answer = null }, TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Orders a command.</summary>
    public static void Order(Ordered ordered, IActorContext context) => context.PipeToSelf(
        context.Parent.Ask<CommandAnswer>(
            new SubmitCommand(MachineIds.Membership, ordered.Payload), Patience, context.StopToken),
        answer => ordered with { Answer = answer },
        error => ordered with { Answer = CommandAnswer.Refused(ControlVerdict.TimedOut, error.Message) });

    /// <summary>A command of this desk.</summary>
    /// <param name="Payload">Its payload.</param>
    /// <param name="Answer">What became of it; null: it is to be ordered.</param>
    internal sealed record Ordered(byte[] Payload, CommandAnswer? Answer);
}
