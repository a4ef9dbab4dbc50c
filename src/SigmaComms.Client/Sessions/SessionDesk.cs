using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// What outlives a session actor's restart: the inputs that are not committed, in order, and who waits for what.
/// Only the actor touches it, one instance after the other.
/// </summary>
internal sealed class SessionDesk
{
    private const int RideMax = 32;

    /// <summary>Inputs to handle.</summary>
    public LinkedList<SessionInput> Waiting { get; } = [];

    /// <summary>Messages to seal that wait for a bundle, in order; no later one is sealed before them.</summary>
    public Queue<SessionInput.Send> Postponed { get; } = [];

    /// <summary>Inputs that the commit under way holds.</summary>
    public List<SessionInput> Committing { get; } = [];

    /// <summary>The input at work; one that makes the core fail is not tried again.</summary>
    public SessionInput? AtWork { get; set; }

    /// <summary>Who waits for which message of ours.</summary>
    public Dictionary<Digest16, MessagePart> Parts { get; } = [];

    /// <summary>The last place handed to the application by this process.</summary>
    public ulong LastHandedOver { get; set; }

    /// <summary>Whether the user was told that one side lost what it had stored.</summary>
    public HistoryLoss? ToldLoss { get; set; }

    /// <summary>Whether messages were left with the mailbox, to be asked for again once they can be taken.</summary>
    public bool TurnedAway { get; set; }

    /// <summary>Messages the cluster does not have yet; for the status.</summary>
    public int Unaccepted { get; set; }

    /// <summary>Messages without a receipt; for the status.</summary>
    public int Undelivered { get; set; }

    /// <summary>Messages the application has not marked; for the status.</summary>
    public int Unmarked { get; set; }

    /// <summary>
    /// Whether what waits is only notes, and few, that nobody waits for so much that they need a commit of their own.
    /// </summary>
    public bool MayRide => Waiting.Count is > 0 and < RideMax
        && Waiting.All(static input => input is SessionInput.DepositDone or SessionInput.Mark);

    /// <summary>
    /// Nothing of the commit was stored, so the senders can be told, and the mailbox still has what came in. What
    /// nobody would say again stays, to be handled anew; all else follows from the state that is recovered.
    /// </summary>
    public void TurnAway(ClientException failure)
    {
        foreach (SessionInput input in Committing)
        {
            Fail(input, failure);
        }

        Committing.RemoveAll(static input => input is not
            (SessionInput.DepositDone or SessionInput.ObserveIdentity or SessionInput.AcceptIdentity));
        AtWork = null;
        TurnedAway = true;
    }

    /// <summary>Puts what is not committed back in front, in its order.</summary>
    public void PutBack()
    {
        Resume();
        for (int i = Committing.Count - 1; i >= 0; i--)
        {
            Waiting.AddFirst(Committing[i]);
        }

        Committing.Clear();
        AtWork = null;
    }

    /// <summary>What was postponed is handled next, in its order.</summary>
    public void Resume()
    {
        foreach (SessionInput.Send send in Postponed.Reverse())
        {
            Waiting.AddFirst(send);
        }

        Postponed.Clear();
    }

    /// <summary>What was postponed cannot be done.</summary>
    public void FailPostponed(ClientException failure)
    {
        foreach (SessionInput.Send send in Postponed)
        {
            send.Part.Fail(failure);
        }

        Postponed.Clear();
    }

    /// <summary>Fails everybody who waits.</summary>
    public void FailAll(ClientException failure)
    {
        FailPostponed(failure);
        foreach (SessionInput input in Committing.Concat(Waiting))
        {
            Fail(input, failure);
        }

        foreach (MessagePart part in Parts.Values)
        {
            part.Fail(failure);
        }

        Committing.Clear();
        Waiting.Clear();
        Parts.Clear();
    }

    /// <summary>Fails who waits for one input.</summary>
    public static void Fail(SessionInput input, ClientException failure)
    {
        switch (input)
        {
            case SessionInput.Send send:
                send.Part.Fail(failure);
                break;
            case SessionInput.Mark mark:
                mark.Durable.TrySetException(failure);
                break;
            case SessionInput.Receive receive:
                receive.Message.Release();
                break;
        }
    }
}
