using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>Brings what is in an outbox to the recipient's mailbox, over whatever link there is.</summary>
internal sealed class DepositLane(ClientContext client, RemoteDevice remote, Outbox outbox)
{
    private const int Window = 64;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly DepositPauses _pauses = new();

    /// <summary>There is a new link: everything is tried again at once.</summary>
    public void Restart(IActorContext actor)
    {
        _pauses.Reset();
        actor.Timers.Cancel(nameof(DepositRetryDue));
        outbox.LinkLost();
    }

    /// <summary>Begins as many attempts as may be under way.</summary>
    public void Next(IActorContext actor)
    {
        if (client.Board.Current is not { } connection || actor.Timers.IsActive(nameof(DepositRetryDue)))
        {
            return;
        }

        foreach (OutboxEntry entry in outbox.NextDeposits(Window))
        {
            Digest16 id = entry.Ciphertext.DepositId;
            var deposit = new Deposit(
                remote.DeviceId,
                id,
                InboundMessage.Frame(client.Device.AccountId, entry.Ciphertext.Bytes.Span));
            Task<LinkMessage> request =
                connection.Link.RequestAsync(deposit, RequestTimeout, actor.StopToken).AsTask();
            actor.PipeToSelf(
                request,
                answer => new DepositOutcome(id, answer, connection),
                _ => new DepositOutcome(id, null, connection));
        }
    }

    /// <summary>Takes note of the end of an attempt.</summary>
    /// <returns>Whether the cluster has the message.</returns>
    public bool IsDone(DepositOutcome outcome, IActorContext actor)
    {
        if (outcome.Answer is Done)
        {
            _pauses.Reset();
            return true;
        }

        // Otherwise the attempt ended with its link, and the next link has its own.
        if (ReferenceEquals(outcome.Connection, client.Board.Current))
        {
            outbox.DepositFailed(outcome.DepositId);
            RetryLater(outcome.Answer, actor);
        }

        return false;
    }

    private void RetryLater(LinkMessage? answer, IActorContext actor)
    {
        if (actor.Timers.IsActive(nameof(DepositRetryDue)))
        {
            return;
        }

        if (answer is Refused refused && !LinkBoard.IsTransient(refused.Reason))
        {
            client.Logger.DepositRefused(remote.DeviceId.Short, refused.Reason);
        }

        actor.Timers.StartSingle(nameof(DepositRetryDue), new DepositRetryDue(), WaitAfter(answer as Refused));
    }

    private TimeSpan WaitAfter(Refused? refused)
    {
        if (refused is not null && refused.RetryAfter > TimeSpan.Zero)
        {
            // The node knows when it takes more, and asking earlier only costs both. It can name a minute at most.
            return refused.RetryAfter;
        }

        return _pauses.Next(refused is null || LinkBoard.IsTransient(refused.Reason));
    }
}
