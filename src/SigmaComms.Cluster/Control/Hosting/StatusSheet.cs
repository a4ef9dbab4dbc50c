using System.Numerics;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Keeps what the replica tells others on this node of itself. For the replica's actor.</summary>
internal sealed class StatusSheet(ControlDesk desk)
{
    private readonly Dictionary<NodeId, Height> _said = [];
    private Certificate? _certificate;
    private WalFigures? _wal;
    private string _detail = string.Empty;
    private uint _incarnation;
    private Height _lastHeight;
    private TimeSpan _waitingSince;

    /// <summary>The disk is being opened.</summary>
    public void Opening() => desk.Board.Show(desk.Board.Status with
    {
        State = desk.Board.Status.State == ControlState.DiskFailing ? ControlState.DiskFailing : ControlState.Opening,
        IsVoting = false,
    });

    /// <summary>The disk is open.</summary>
    public void Opened(DiskOpened opened, uint incarnation)
    {
        (_detail, _wal, _incarnation) = (opened.Detail, opened.Figures, incarnation);
        Adopted(opened.Foundation);
    }

    /// <summary>The replica goes on from a snapshot.</summary>
    public void Adopted(Foundation foundation)
    {
        if (foundation.Header.Height > desk.Board.Reading.Height)
        {
            desk.Board.Show(new ControlReading(
                foundation.Ledger, foundation.Header.Height, foundation.Digest, foundation.Header.Timestamp, 0));
        }
    }

    /// <summary>This node votes under another incarnation from now on.</summary>
    public void VotesAs(uint incarnation) => (_incarnation, _detail) = (incarnation, string.Empty);

    /// <summary>A turn is durable.</summary>
    public void Written(WalFigures figures) => _wal = figures;

    /// <summary>Notes how far peers say they are.</summary>
    public void Hear(Input input)
    {
        if (input is Input.VerifiedMessage { Message: Message.Status status } heard)
        {
            _said[heard.From] = status.Height;
        }
    }

    /// <summary>A block is final.</summary>
    public void Committed(CommittedBlock committed, FinalityProof proof)
    {
        _certificate = proof.Certificate;
        BlockHeader header = committed.Block.Header;
        if (desk.Board.Reading.Ledger.Root == header.StateRoot)
        {
            // A header names the state before its own commands: that of the block before it.
            desk.Board.Show(new ProvenState(header, proof, desk.Board.Reading.Ledger));
        }

        desk.Board.Show(new ControlReading(
            header.IsEpochEnd ? committed.Execution.Ledger.BeginEpoch() : committed.Execution.Ledger,
            header.Height, committed.Block.Digest, header.Timestamp, 0));
    }

    /// <summary>Shows how the replica stands.</summary>
    public void Publish(Replica replica)
    {
        ValidatorSet validators = replica.Validators;
        Height known = KnownHeight(replica);
        ControlReading reading = desk.Board.Reading;
        ulong lag = known.Value - Math.Min(known.Value, reading.Height.Value);
        if (reading.Lag != lag)
        {
            desk.Board.Show(reading with { Lag = lag });
        }

        desk.Board.Show(new ControlStatus
        {
            State = ControlState.Running,
            Detail = _detail,
            Epoch = replica.Epoch,
            View = replica.View,
            Leader = replica.Leader,
            Height = replica.FinalHeight,
            Digest = replica.FinalDigest,
            Timestamp = reading.Timestamp,
            SignedBy = SignedBy(validators),
            KnownHeight = known,
            Validators = [.. validators.Members.Select(validator => validator.Node)],
            IsValidator = validators.TryIndexOf(desk.Node.Self, out _),
            IsVoting = replica.IsVoting,
            NotVotingBecause = replica.IsVoting ? string.Empty : WhyNot(validators),
            Incarnation = _incarnation,
            WaitingGroups = replica.WaitingGroups,
            StalledFor = StalledFor(replica),
            Wal = _wal,
        });
    }

    private TimeSpan StalledFor(Replica replica)
    {
        TimeSpan now = desk.Node.Now;
        if (replica.WaitingGroups == 0 || replica.FinalHeight != _lastHeight)
        {
            (_lastHeight, _waitingSince) = (replica.FinalHeight, now);
        }

        return now - _waitingSince;
    }

    private List<NodeId> SignedBy(ValidatorSet validators)
    {
        if (_certificate is not { } certificate || certificate.Epoch != validators.Epoch)
        {
            return [];
        }

        List<NodeId> nodes = [];
        for (ulong rest = certificate.Voters; rest != 0; rest &= rest - 1)
        {
            nodes.Add(validators[BitOperations.TrailingZeroCount(rest)].Node);
        }

        return nodes;
    }

    // Of f + 1 validators one at least is honest, so that block is final.
    private Height KnownHeight(Replica replica)
    {
        ValidatorSet validators = replica.Validators;
        List<Height> said = [];
        foreach (Validator validator in validators.Members)
        {
            if (_said.TryGetValue(validator.Node, out Height height))
            {
                said.Add(height);
            }
        }

        said.Sort((a, b) => b.CompareTo(a));
        Height known = said.Count > validators.FaultsMax ? said[validators.FaultsMax] : replica.FinalHeight;
        return known > replica.FinalHeight ? known : replica.FinalHeight;
    }

    private string WhyNot(ValidatorSet validators)
    {
        if (!validators.TryIndexOf(desk.Node.Self, out int index))
        {
            return "this node is no validator of the epoch";
        }

        return _detail.Length > 0
            ? $"{_detail}; it votes again from an epoch on that has its new key"
            : $"its voting key of incarnation {validators[index].Incarnation} is not here";
    }
}
