using SigmaComms.Actors;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>One mailbox that has an actor, and what is held back for it while it falls asleep.</summary>
internal sealed class MailboxSlot(NodeId device, IActorRef actor)
{
    private const int HeldMax = 1_024;

    private readonly Queue<WaitingRequest> _held = new();

    public NodeId Device => device;

    public IActorRef Actor => actor;

    /// <summary>Whether it was told to fall asleep and has not answered.</summary>
    public bool IsFallingAsleep { get; private set; }

    /// <summary>What it said when it fell asleep; null before.</summary>
    public SleepingMailbox? Asleep { get; set; }

    /// <summary>When its visit began, on the monotonic clock; null if somebody needs it.</summary>
    public TimeSpan? VisitedSince { get; set; }

    /// <summary>Tells it to fall asleep.</summary>
    public void PutToSleep()
    {
        if (!IsFallingAsleep)
        {
            IsFallingAsleep = true;
            actor.Tell(new FallAsleep());
        }
    }

    /// <summary>It stays awake: everything held back goes to it.</summary>
    public void StayAwake()
    {
        IsFallingAsleep = false;
        foreach (WaitingRequest held in TakeHeld())
        {
            actor.Tell(held.Message, held.Sender);
        }
    }

    /// <summary>Passes a message on, or holds it back; false if there is no room for it.</summary>
    public bool TryPass(WaitingRequest request)
    {
        if (!IsFallingAsleep)
        {
            actor.Tell(request.Message, request.Sender);
            return true;
        }

        if (_held.Count >= HeldMax)
        {
            return false;
        }

        _held.Enqueue(request);
        return true;
    }

    /// <summary>What was held back, in order; it is not held any longer.</summary>
    public IReadOnlyList<WaitingRequest> TakeHeld()
    {
        WaitingRequest[] held = [.. _held];
        _held.Clear();
        return held;
    }
}
