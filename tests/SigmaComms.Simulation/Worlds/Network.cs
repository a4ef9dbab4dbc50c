using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;

namespace SigmaComms.Simulation.Worlds;

/// <summary>All links: they delay, lose, repeat and reorder, and may be cut one way or both.</summary>
internal sealed class Network(World world, SimRandom random)
{
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly Dictionary<(int From, int To), TimeSpan> _slow = [];
    private readonly Dictionary<(int From, int To), TimeSpan> _lastArrival = [];

    public LinkProfile Profile { get; set; } = LinkProfile.Calm;

    /// <summary>Whether the trace has every message.</summary>
    public bool IsTraced { get; set; }

    /// <summary>Bytes that each node sent, by the kind of message.</summary>
    public SortedDictionary<(int Node, MessageId Id), long> SentBytes { get; } = [];

    /// <summary>Decides over single messages before all else; false loses the message.</summary>
    public Func<SimNode, SimNode, Message, bool>? Filter { get; set; }

    public void Cut(int from, int to) => _cuts.Add((from, to));

    public void Slow(int from, int to, TimeSpan more) => _slow[(from, to)] = more;

    public void Heal()
    {
        _cuts.Clear();
        _slow.Clear();
    }

    /// <summary>Sends to whoever has the name: twins share one.</summary>
    public void Send(SimNode from, NodeId to, Envelope envelope)
    {
        foreach (SimNode target in world.NodesOf(to))
        {
            if (target != from)
            {
                Send(from, target, envelope);
            }
        }
    }

    public void Send(SimNode from, SimNode to, Envelope envelope)
    {
        SentBytes[(from.Number, envelope.Id)] =
            SentBytes.GetValueOrDefault((from.Number, envelope.Id)) + envelope.Bytes.Length;
        bool isLost = _cuts.Contains((from.Number, to.Number))
            || Filter?.Invoke(from, to, envelope.Message) == false
            || random.Percent(Profile.LossPercent);
        if (IsTraced)
        {
            string what = isLost ? "loses " : "sends ";
            world.Trace.Note(from.Number, what + Describe(envelope.Message), (ulong)to.Number);
        }

        if (isLost)
        {
            return;
        }

        int copies = random.Percent(Profile.RepeatPercent) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            world.Schedule.At(ArrivalOf(from.Number, to.Number), () => to.Receive(from.Id, envelope));
        }
    }

    private static string Describe(Message message) => message switch
    {
        Message.Status m => $"status e{m.Epoch} v{m.View} h{m.Height} {(m.IsAnswer ? "answer" : "")} to",
        Message.Have m => $"have {m.Kind} e{m.Epoch} v{m.View} to",
        Message.Pull m => $"pull {m.Kind} v{m.View} to",
        Message.PullViews m => $"pull views {m.First}-{m.Last} to",
        Message.PullFinal m => $"pull final from {m.From} to",
        Message.FinalBlocks m => $"final blocks {m.Blocks[0].Header.Height}-{m.Blocks[^1].Header.Height} "
            + $"e{m.Blocks[0].Header.Epoch} by {m.Proof.Descendants.Count} to",
        Message.VoteCast m => $"vote {m.Vote.Ballot.Kind} v{m.Vote.Ballot.View} of {m.Vote.Voter} to",
        Message.Propose m => $"proposal v{m.Block.Header.View} to",
        Message.Certificates m => $"certificates {m.Items[0].Kind} v{m.Items[0].View} x{m.Items.Count} to",
        _ => message.GetType().Name + " to",
    };

    private TimeSpan ArrivalOf(int from, int to)
    {
        TimeSpan way = random.Time(Profile.DelayMin, Profile.DelayMax);
        way = random.Percent(Profile.StragglerPercent) ? way * 10 : way;
        TimeSpan at = world.Schedule.Now + way + _slow.GetValueOrDefault((from, to));
        if (Profile.IsOrdered)
        {
            at = at > _lastArrival.GetValueOrDefault((from, to)) ? at : _lastArrival[(from, to)];
            _lastArrival[(from, to)] = at;
        }

        return at;
    }
}
