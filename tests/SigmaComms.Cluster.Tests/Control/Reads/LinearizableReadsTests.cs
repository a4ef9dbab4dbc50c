using SigmaComms.Actors;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Reads;

public sealed class LinearizableReadsTests
{
    private readonly LinearizableReads _reads = new();
    private readonly Asker _asker = new();

    [Fact]
    public void A_read_is_answered_once_the_highest_view_that_a_quorum_names_is_final()
    {
        ValidatorSet set = SetOf(1);
        ulong nonce = _reads.Begin(_asker, TimeSpan.FromSeconds(1), set, (set[0].Node, new View(3)));
        Answer(set, nonce, new View(5));

        _reads.Settle(Reading(set), set, new View(4), TimeSpan.Zero);
        int before = _asker.Answers.Count;
        _reads.Settle(Reading(set), set, new View(5), TimeSpan.Zero);

        Assert.Equal(0, before);
        Assert.NotNull(Assert.Single(_asker.Answers).Reading);
    }

    [Fact]
    public void Answers_of_an_epoch_that_has_ended_do_not_vouch_for_what_was_final_in_the_next_one()
    {
        ValidatorSet set = SetOf(1);
        ValidatorSet next = SetOf(2);
        ulong nonce = _reads.Begin(_asker, TimeSpan.FromSeconds(1), set, (set[0].Node, new View(3)));
        Answer(set, nonce, new View(5));

        _reads.Settle(Reading(next), next, new View(0), TimeSpan.Zero);

        Assert.Null(Assert.Single(_asker.Answers).Reading);
        Assert.Equal(0, _reads.Count);
    }

    private static ValidatorSet SetOf(ulong epoch) => new(
        new Epoch(epoch),
        Enumerable.Range(1, 4).Select(i => new Validator(
            new NodeId(Digest.Sha256([(byte)i])), 1, new byte[] { (byte)i })));

    private static ControlReading Reading(ValidatorSet set) => new(
        Ledger.Genesis(default, [], set), new Height(1), default, 0, 0);

    private void Answer(ValidatorSet set, ulong nonce, View view)
    {
        foreach (Validator validator in set.Members.Skip(1))
        {
            _reads.Take(validator.Node, new HostMessage.ReadSaid(nonce, set.Epoch, view, null), set, view);
        }
    }

    private sealed class Asker : IActorRef
    {
        public List<ReadAnswer> Answers { get; } = [];

        public ActorPath Path => new("test", "/temp/ask", 1);

        public void Tell(object message, IActorRef? sender = null) => Answers.Add((ReadAnswer)message);

        public SendResult TryTell(object message, IActorRef? sender = null)
        {
            Tell(message, sender);
            return SendResult.Accepted;
        }

        public ValueTask<SendResult> TellAsync(
            object message, IActorRef? sender = null, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(TryTell(message, sender));

        public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => Answers.GetHashCode();
    }
}
