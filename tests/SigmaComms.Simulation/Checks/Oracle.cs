using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Checks;

/// <summary>Sees all that happens, and ends the run as soon as an invariant does not hold.</summary>
internal sealed class Oracle
{
    private const int ViewsMax = 400;
    private const int BlocksMax = 200;

    private readonly World _world;
    private readonly SortedDictionary<Epoch, ValidatorSet> _sets = [];
    private readonly VoteChecks _votes;
    private readonly LogChecks _log;

    public Oracle(World world)
    {
        _world = world;
        ValidatorSet first = world.Genesis.Foundation.Ledger.Validators;
        _sets.Add(first.Epoch, first);
        _votes = new VoteChecks(world, SetOf);
        _log = new LogChecks(world, _votes);
    }

    /// <summary>Told of every vote, for scenes that must act at one.</summary>
    public Action<SimNode, Vote>? OnSigned { get; set; }

    /// <summary>How often a guard refused a ballot.</summary>
    public int GuardRefusals { get; private set; }

    /// <summary>The height up to which somebody honest has committed.</summary>
    public Height FinalHeight => _log.FinalHeight;

    /// <summary>Who votes in the newest epoch that anybody began.</summary>
    public ValidatorSet Newest => _sets.Values.Last();

    public LogChecks Log => _log;

    public ValidatorSet SetOf(Epoch epoch) => _sets.TryGetValue(epoch, out ValidatorSet? set)
        ? set : throw new SimulationFailure("an epoch begins before it is voted in", $"epoch {epoch}");

    /// <summary>The place of a node among the voters of an epoch.</summary>
    public int IndexOf(SimNode node, Epoch epoch)
    {
        bool isMember = SetOf(epoch).TryIndexOf(node.Id, out int index);
        Require(isMember, "who does not vote signs nothing", $"node {node.Number} in epoch {epoch}");
        return index;
    }

    public void Proposed(Block block) => _votes.Proposed(block.Header, block.Digest);

    public void Signed(SimNode node, Vote vote)
    {
        _world.Trace.Note(
            node.Number, NameOf(vote.Ballot.Kind), vote.Ballot.Epoch.Value, vote.Ballot.View.Value, vote.Ballot.Block);
        _votes.Signed(node, vote);
        OnSigned?.Invoke(node, vote);
    }

    public void Restarted(SimNode node, ReplicaHost host) => _votes.Restarted(node, host.Guard);

    public void Committed(SimNode node, Effect.Commit commit)
    {
        BlockHeader last = commit.Blocks[^1].Block.Header;
        _world.Trace.Note(
            node.Number, "commits", last.Height.Value, last.View.Value, commit.Blocks[^1].Block.Digest);
        if (!node.IsByzantine)
        {
            _log.Committed(node, commit, SetOf(last.Epoch));
        }
    }

    public CommandResult? FindResult(Command command, Height until) => _log.FindResult(command, until);

    public void Accused(SimNode node, Accusation accusation)
    {
        NodeId accused = SetOf(accusation.Epoch)[accusation.Accused].Node;
        _world.Trace.Note(node.Number, "accuses", (ulong)accusation.Kind, accusation.Accused);
        foreach (SimNode innocent in _world.NodesOf(accused))
        {
            Require(
                node.IsByzantine || innocent.IsByzantine || innocent.IsSpoiled,
                "an honest key makes no evidence",
                $"node {node.Number} has {accusation.Kind} of node {innocent.Number}: {accusation.First.Ballot}");
        }
    }

    /// <summary>A node lost its vote; only a disk that did more than lose power can make it.</summary>
    public void LostVote(SimNode node)
    {
        _world.Trace.Note(node.Number, "lost its vote", node.Incarnation);
        Require(
            node.IsByzantine || node.IsSpoiled, "an honest disk keeps the vote", $"node {node.Number}");
    }

    /// <summary>A node votes again, in a new life: what its old disk did no longer counts.</summary>
    public void GotVote(SimNode node)
    {
        if (node.IsSpoiled)
        {
            _world.Trace.Note(node.Number, "votes again", node.Incarnation);
            node.IsSpoiled = false;
        }
    }

    public void EpochBegan(SimNode node, ValidatorSet validators)
    {
        if (_sets.TryGetValue(validators.Epoch, out ValidatorSet? known))
        {
            bool isSame = known.Members.SequenceEqual(validators.Members, SameValidator.Instance);
            Require(isSame, "one set for each epoch", $"node {node.Number}, {validators.Epoch}");
            return;
        }

        _sets.Add(validators.Epoch, validators);
        int faulty = validators.Members.Count(
            member => _world.NodesOf(member.Node).Any(of => of.IsByzantine || IsOldLife(of, member)));
        Require(
            faulty <= validators.FaultsMax && validators.Count - faulty >= validators.Quorum,
            "a hand-over leaves enough honest members",
            $"epoch {validators.Epoch}: {faulty} faulty of {validators.Count}");
    }

    /// <summary>
    /// The guard refuses a ballot. Of an honest node that is what it admitted in a turn that was cut off before the log
    /// had it: the core has forgotten it, the guard has not.
    /// </summary>
    public void GuardRefused(SimNode node, Ballot ballot, GuardVerdict verdict)
    {
        GuardRefusals++;
        _world.Trace.Note(node.Number, "guard refuses", (ulong)verdict, ballot.View.Value);
        Require(
            node.IsByzantine || node.IsSpoiled || node.Lives > 1
                || verdict is GuardVerdict.TooOld or GuardVerdict.OtherEpoch,
            "the core never wants what the guard refuses", $"node {node.Number}: {ballot}, {verdict}");
    }

    /// <summary>A message whose signatures are not good; only liars send such.</summary>
    public void Refused(SimNode node, NodeId from, Message message)
    {
        bool isLiar = _world.NodesOf(from).Any(sender => sender.IsByzantine || sender.IsSpoiled);
        _world.Trace.Note(node.Number, "refuses", (ulong)message.GetType().Name.Length);
        Require(isLiar, "an honest node sends what can be verified", $"{message.GetType().Name} to node {node.Number}");
    }

    public void Stepped(SimNode node, Replica replica)
    {
        (int blocks, int views) = replica.Held;
        Require(
            blocks <= BlocksMax && views <= ViewsMax, "memory is bounded",
            $"node {node.Number}: {blocks} blocks, {views} views");
    }

    public static void Require(bool condition, string invariant, string detail)
    {
        if (!condition)
        {
            throw new SimulationFailure(invariant, detail);
        }
    }

    private static bool IsOldLife(SimNode node, Validator member) =>
        node.IsSpoiled && !(node.HasLostVote && member.Incarnation == node.Incarnation);

    private static string NameOf(BallotKind kind) => kind switch
    {
        BallotKind.Propose => "proposes",
        BallotKind.Notarize => "notarizes",
        BallotKind.Nullify => "nullifies",
        BallotKind.Finalize => "finalizes",
        _ => "bundles",
    };
}
