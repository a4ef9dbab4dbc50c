using SigmaComms.Actors;

namespace SigmaComms.Cluster.Remoting;

/// <summary>What can no longer be sent or answered after a link dropped or a process ended.</summary>
internal sealed class PeerLeftovers(
    IReadOnlyList<RemoteRef> actors,
    bool haveEnded,
    IReadOnlyList<Outgoing> unsent,
    IReadOnlyList<TaskCompletionSource<IActorRef?>> questions)
{
    /// <summary>Tells everybody concerned; not under the gate.</summary>
    /// <param name="reason">Why, for people.</param>
    public void Settle(string reason)
    {
        foreach (Outgoing word in unsent)
        {
            word.Target?.Undelivered(word.Message!, word.Sender, "remote: the link dropped");
        }

        foreach (TaskCompletionSource<IActorRef?> question in questions)
        {
            question.TrySetResult(null);
        }

        foreach (RemoteRef actor in actors)
        {
            if (haveEnded)
            {
                actor.End();
            }
            else
            {
                actor.LoseAnswers(reason);
            }
        }
    }
}
