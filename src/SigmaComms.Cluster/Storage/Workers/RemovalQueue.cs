using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Fragments that are to be dropped: while some are, the next gather for one transaction.</summary>
internal sealed class RemovalQueue
{
    private const int CountMax = 1_024;

    private readonly Queue<(Digest Id, IActorRef? ReplyTo)> _waiting = new();
    private readonly List<IActorRef?> _begun = [];

    /// <summary>Adds one, with who waits for the answer.</summary>
    public void Add(Digest id, IActorRef? replyTo) => _waiting.Enqueue((id, replyTo));

    /// <summary>Takes the next ones if none are under way.</summary>
    public bool TryBegin(out IReadOnlyList<Digest> ids)
    {
        List<Digest> next = [];
        while (_begun.Count == next.Count && next.Count < CountMax && _waiting.TryDequeue(out var remove))
        {
            next.Add(remove.Id);
            _begun.Add(remove.ReplyTo);
        }

        ids = next;
        return next.Count > 0;
    }

    /// <summary>Those under way have ended.</summary>
    /// <param name="rows">What was there, in order; empty if nobody knows.</param>
    public void End(IReadOnlyList<FragmentRow?> rows)
    {
        for (int i = 0; i < _begun.Count; i++)
        {
            StoreStatus status = rows.Count == 0 ? StoreStatus.Unreachable
                : rows[i] is null or { State: FragmentState.Lost } ? StoreStatus.NotFound
                : StoreStatus.Done;
            _begun[i]?.Tell(new StoreAnswer(status));
        }

        _begun.Clear();
    }

    /// <summary>None of those that wait is dropped.</summary>
    public void Refuse(StoreStatus status)
    {
        while (_waiting.TryDequeue(out (Digest Id, IActorRef? ReplyTo) remove))
        {
            remove.ReplyTo?.Tell(new StoreAnswer(status));
        }
    }
}
