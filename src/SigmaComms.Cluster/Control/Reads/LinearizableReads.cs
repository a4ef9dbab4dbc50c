using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Reads;

/// <summary>
/// Reads that see every write that was final before they began: a quorum is asked for the highest view in which each
/// cast finalize, and the read waits for the finality of the highest. Some honest one of those that made the write
/// final is among the asked. An answer that names a view counts only with a certificate of it, so nobody can make a
/// read wait for a view that does not exist. For one actor.
/// </summary>
internal sealed class LinearizableReads
{
    /// <summary>Reads that wait at once; more are refused.</summary>
    public const int WaitingMax = 4_096;

    private readonly Dictionary<ulong, Waiting> _waiting = [];
    private ulong _next;

    /// <summary>Reads that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Begins a read.</summary>
    /// <param name="asker">Who gets the reading.</param>
    /// <param name="until">When it is given up, on the monotonic clock.</param>
    /// <param name="validators">The validators of the epoch.</param>
    /// <param name="own">This node's answer, if it votes.</param>
    /// <returns>The number to ask with.</returns>
    public ulong Begin(IActorRef asker, TimeSpan until, ValidatorSet validators, (NodeId Node, View View)? own)
    {
        Waiting waiting = new(asker, until, validators.Epoch, validators.Quorum);
        if (own is { } answer)
        {
            waiting.Answered.Add(answer.Node);
            waiting.Target = answer.View;
        }

        _waiting.Add(++_next, waiting);
        return _next;
    }

    /// <summary>Takes an answer whose certificate, if it has one, was verified.</summary>
    /// <param name="from">Who answers.</param>
    /// <param name="said">The answer.</param>
    /// <param name="validators">The validators of the epoch.</param>
    /// <param name="final">The view of the last final block of the epoch.</param>
    public void Take(NodeId from, HostMessage.ReadSaid said, ValidatorSet validators, View final)
    {
        if (!_waiting.TryGetValue(said.Nonce, out Waiting? waiting) || said.Epoch != waiting.Epoch
            || said.Epoch != validators.Epoch || !validators.TryIndexOf(from, out _))
        {
            return;
        }

        // A view that is not final here must be shown to exist.
        bool isShown = said.View <= final
            || (said.Certificate is { } certificate && certificate.View == said.View
                && certificate.Kind != Consensus.Votes.BallotKind.Nullify && certificate.IsQuorumOf(validators));
        if (isShown && waiting.Answered.Add(from))
        {
            waiting.Target = said.View > waiting.Target ? said.View : waiting.Target;
        }
    }

    /// <summary>Answers the reads that have waited long enough.</summary>
    /// <param name="reading">The state after the last final block.</param>
    /// <param name="validators">The validators of the present epoch.</param>
    /// <param name="final">The view of that block in the present epoch.</param>
    /// <param name="now">The monotonic clock.</param>
    public void Settle(ControlReading reading, ValidatorSet validators, View final, TimeSpan now)
    {
        List<ulong> done = [];
        foreach ((ulong number, Waiting waiting) in _waiting)
        {
            // Who answered in an epoch says nothing of what was final in the next one, which may have begun before.
            bool isOfEpoch = validators.Epoch == waiting.Epoch;
            if (isOfEpoch && final >= waiting.Target && waiting.Answered.Count >= waiting.Needed)
            {
                waiting.Asker.Tell(new ReadAnswer(reading));
                done.Add(number);
            }
            else if (!isOfEpoch || now >= waiting.Until)
            {
                waiting.Asker.Tell(new ReadAnswer(null));
                done.Add(number);
            }
        }

        done.ForEach(number => _waiting.Remove(number));
    }

    /// <summary>Gives up all reads.</summary>
    public void GiveUp()
    {
        foreach (Waiting waiting in _waiting.Values)
        {
            waiting.Asker.Tell(new ReadAnswer(null));
        }

        _waiting.Clear();
    }

    private sealed class Waiting(IActorRef asker, TimeSpan until, Epoch epoch, int needed)
    {
        public IActorRef Asker => asker;

        public TimeSpan Until => until;

        public Epoch Epoch => epoch;

        public HashSet<NodeId> Answered { get; } = [];

        public View Target { get; set; }

        public int Needed => needed;
    }
}
