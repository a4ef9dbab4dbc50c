using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Reads;

/// <summary>Serves linearizable reads of this node, and answers those of others. For the replica's actor.</summary>
internal sealed class ReadDesk(ControlDesk desk)
{
    private readonly LinearizableReads _reads = new();
    private Epoch _epoch;
    private View _final;

    /// <summary>Whether a read waits, so that somebody must look at the clock.</summary>
    public bool IsWaiting => _reads.Count > 0;

    /// <summary>Where the replica stands when it begins.</summary>
    public void Begin(BlockHeader last, Replica replica) => Advance(last, replica);

    /// <summary>A block is final.</summary>
    public void Advance(BlockHeader last, Replica replica)
    {
        _epoch = replica.Epoch;
        _final = last.Epoch == _epoch ? last.View : new View(0);
    }

    /// <summary>Begins a read and asks the validators.</summary>
    public void Read(IActorRef asker, ReadNow read, Replica replica)
    {
        if (_reads.Count >= LinearizableReads.WaitingMax)
        {
            asker.Tell(new ReadAnswer(null));
            return;
        }

        (NodeId, View)? own = replica.IsVoting ? (desk.Node.Self, HighestCast(replica)) : null;
        ulong nonce = _reads.Begin(asker, desk.Node.Now + read.Patience, replica.Validators, own);
        byte[] question = HostMessageCodec.Encode(new HostMessage.ReadAsked(nonce));
        foreach (Validator validator in replica.Validators.Members)
        {
            if (validator.Node != desk.Node.Self)
            {
                desk.Send(validator.Node, question, isUrgent: true);
            }
        }

        Settle(replica);
    }

    /// <summary>Answers another node.</summary>
    public void Answer(NodeId to, HostMessage.ReadAsked asked, Replica replica)
    {
        if (!replica.IsVoting)
        {
            return;
        }

        View highest = HighestCast(replica);
        int sizeBytes = highest > _final ? replica.Validators.Quorum * Vote.SignatureSizeMax : 0;
        if (sizeBytes > 0 && !desk.Answers.TryTake(to, sizeBytes, desk.Node.Now))
        {
            desk.Counters.NoteSendRefused();
            return;
        }

        Certificate? certificate = sizeBytes > 0 ? CertificateOf(highest, replica) : null;
        HostMessage.ReadSaid answer = new(asked.Nonce, replica.Epoch, highest, certificate);
        desk.Send(to, HostMessageCodec.Encode(answer), isUrgent: true);
    }

    /// <summary>Takes another node's answer.</summary>
    public void Take(NodeId from, HostMessage.ReadSaid said, Replica replica)
    {
        _reads.Take(from, said, replica.Validators, _final);
        Settle(replica);
    }

    /// <summary>Answers reads that have waited long enough.</summary>
    public void Settle(Replica replica)
    {
        if (_reads.Count > 0)
        {
            _reads.Settle(desk.Board.Reading, replica.Validators, _final, desk.Node.Now);
        }
    }

    /// <summary>Gives up all reads.</summary>
    public void GiveUp() => _reads.GiveUp();

    // What is final was finalized by a quorum, whether this replica was among it or not.
    private View HighestCast(Replica replica) => replica.FinalizeCast > _final ? replica.FinalizeCast : _final;

    private static Certificate? CertificateOf(View view, Replica replica)
    {
        foreach (WalRecord record in replica.LiveRecords())
        {
            if (record is WalRecord.CertificateHeld { Certificate: { } certificate }
                && certificate.View == view && certificate.Kind != BallotKind.Nullify)
            {
                return certificate;
            }
        }

        return null;
    }
}
