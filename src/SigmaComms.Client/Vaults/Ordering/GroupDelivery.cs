using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Hands a signed group to one node after the other until one has it ordered. The group stays the same bytes, so the
/// log executes it once, through however many nodes it comes.
/// </summary>
internal sealed class GroupDelivery(ILogNodes nodes, TimeProvider time)
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    /// <summary>Hands a group in.</summary>
    /// <param name="group">The group.</param>
    /// <param name="ct">Gives up; the group may still be ordered.</param>
    /// <returns>The answer and whose it is; or a fate that all of its commands share.</returns>
    public async Task<(CommandsOrdered? Ordered, NodeId Node, CommandFate? Fate)> SendAsync(
        CommandGroup group, CancellationToken ct)
    {
        SubmitCommands submit = new(group.Encoded);
        HashSet<NodeId> avoid = [];
        bool isInDoubt = false;
        Refused? refusal = null;
        long start = time.GetTimestamp();
        TimeSpan pause = PauseMin;
        do
        {
            AskedNode? asked = await nodes.AskAsync(
                submit, node => !avoid.Contains(node), AnswerPatience, ct);
            switch (asked?.Answer)
            {
                case CommandsOrdered ordered when ordered.Commands.Count == group.Commands.Count:
                    return (ordered, asked.Node, null);
                case Refused { Reason: RefusalReason.TooFast } slower:
                    refusal ??= slower;
                    await Task.Delay(slower.RetryAfter > PauseMin ? slower.RetryAfter : PauseMin, time, ct);
                    continue;
                case Refused refused:
                    isInDoubt |= refused.Reason == RefusalReason.TimedOut;
                    refusal = IsFinal(refusal) ? refusal : refused;
                    break;
                default:
                    isInDoubt |= asked is not null;
                    break;
            }

            if (asked is not null)
            {
                avoid.Add(asked.Node);
                continue;
            }

            if (IsFinal(refusal) && !isInDoubt)
            {
                return (null, default, CommandFate.Refused(refusal!.Reason, refusal.Detail));
            }

            // Everybody was asked; what stood in the way may be over soon.
            avoid.Clear();
            await Task.Delay(pause, time, ct);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
        while (time.GetElapsedTime(start) < Patience);

        string detail = refusal?.Detail ?? "no node of the cluster answers";
        CommandFate fate = isInDoubt
            ? CommandFate.Unknown(detail)
            : CommandFate.Refused(RefusalReason.Unavailable, detail);
        return (null, default, fate);
    }

    /// <summary>Whether the same group would be refused again.</summary>
    private static bool IsFinal(Refused? refusal) => refusal?.Reason is RefusalReason.NotAllowed
        or RefusalReason.UnknownDevice or RefusalReason.BadSignature or RefusalReason.Malformed
        or RefusalReason.TooLarge or RefusalReason.UnknownMessage;
}
