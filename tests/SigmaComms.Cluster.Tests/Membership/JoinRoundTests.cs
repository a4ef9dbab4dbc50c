using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Membership;

public sealed class JoinRoundTests
{
    private static readonly Refused Out = new(RefusalReason.NotAdmitted, "it left");
    private readonly JoinRound _round = new();

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Before_a_node_took_part_more_than_half_must_refuse(int refusing, bool isOver)
    {
        ClusterException? verdict = Play(asked: 4, refusing, hasJoined: false, needed: 9);

        Assert.Equal(isOver ? ClusterFailure.NotAdmitted : null, verdict?.Reason);
    }

    [Fact]
    public void A_node_that_took_part_ends_only_when_enough_say_that_it_is_out_three_times_in_a_row()
    {
        ClusterException?[] verdicts =
        [
            Play(asked: 4, refusing: 2, hasJoined: true, needed: 2),
            Play(asked: 4, refusing: 4, hasJoined: true, needed: 2),
            Play(asked: 4, refusing: 1, hasJoined: true, needed: 2),
            Play(asked: 4, refusing: 2, hasJoined: true, needed: 2),
            Play(asked: 4, refusing: 2, hasJoined: true, needed: 2),
            Play(asked: 4, refusing: 2, hasJoined: true, needed: 2),
        ];

        Assert.Equal(
            [null, null, null, null, null, ClusterFailure.NotAdmitted],
            verdicts.Select(verdict => verdict?.Reason));
    }

    [Fact]
    public void What_else_is_refused_does_not_end_a_node_that_took_part()
    {
        Refused[] refusals =
        [
            new(RefusalReason.WrongCluster, ""),
            new(RefusalReason.BadSignature, ""),
            new(RefusalReason.Unavailable, ""),
        ];

        for (int round = 0; round < 5; round++)
        {
            foreach (Refused refusal in refusals)
            {
                _round.NoteAsked();
                _round.NoteRefused(Seed(1), refusal);
            }

            Assert.Null(_round.End(hasJoined: true, new Counting(1)));
        }
    }

    private ClusterException? Play(int asked, int refusing, bool hasJoined, int needed)
    {
        for (int i = 1; i <= asked; i++)
        {
            _round.NoteAsked();
            if (i <= refusing)
            {
                _round.NoteRefused(Seed(i), Out);
            }
        }

        return _round.End(hasJoined, new Counting(needed));
    }

    private static SeedNode Seed(int number) =>
        new(SimCluster.IdentityOf(number).Id, new NodeEndpoint("127.0.0.1", (ushort)(7000 + number)));

    /// <summary>So many nodes have an honest one among them.</summary>
    private sealed class Counting(int needed) : IAdmissionAuthority
    {
        public AdmissionDecision Judge(ReadOnlyMemory<byte> admission, NodeId node, DateTimeOffset now) =>
            AdmissionDecision.Refuse(RefusalReason.NotAdmitted, "nobody is");

        public bool IsTurnedOut(NodeId node) => false;

        public bool IsHonestAmong(IReadOnlyCollection<NodeId> nodes) => nodes.Count >= needed;

        public MembershipView ViewOf(IEnumerable<NodeId> members) => default;
    }
}
