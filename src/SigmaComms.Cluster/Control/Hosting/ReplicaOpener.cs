using SigmaComms.Consensus;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Makes the core from what is durable, under the incarnation with which this node may vote.</summary>
internal sealed class ReplicaOpener(ControlDesk desk)
{
    /// <summary>Makes the core from what the disk has.</summary>
    /// <returns>The core, and its incarnation: 0 if this node may not vote.</returns>
    public (Replica Replica, uint Incarnation) Open(DiskOpened opened)
    {
        var replica = Replica.Recover(OptionsOf(opened.Incarnation), opened.Foundation, opened.Records);
        if (!replica.IsVoting || HasKey(opened, replica.Validators))
        {
            return (replica, opened.Incarnation);
        }

        // The key that is registered for this incarnation is not here: whoever has it votes, not this node.
        return (Replica.Recover(OptionsOf(0), opened.Foundation, opened.Records), 0);
    }

    /// <summary>Makes the core anew under another incarnation.</summary>
    public Replica Reopen(uint incarnation, Foundation foundation, IReadOnlyList<WalRecord> records) =>
        Replica.Recover(OptionsOf(incarnation), foundation, records);

    private bool HasKey(DiskOpened opened, ValidatorSet validators) =>
        validators.TryIndexOf(desk.Node.Self, out int self)
        && opened.Keys.Contains(Digest.Sha256(validators[self].VotingKey.Span));

    private ReplicaOptions OptionsOf(uint incarnation) => new(desk.Node.Self, incarnation)
    {
        Delay = desk.Options.Delay,
        Linger = desk.Options.Linger,
    };
}
