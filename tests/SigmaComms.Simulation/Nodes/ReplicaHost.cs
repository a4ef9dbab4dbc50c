using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Nodes;

/// <summary>One life of a process: the replica, and what a host does for it, in the core's order.</summary>
internal sealed class ReplicaHost
{
    private const int ServedBlocksMax = 64;
    private const int ServedBytesMax = 600 << 10;

    private readonly SimNode _node;
    private readonly World _world;
    private readonly DurableState _state;
    private readonly MessageVerifier _verifier;
    private readonly HostFlaws _flaws;
    private readonly Chores _chores;
    private readonly Dictionary<(Digest Client, ulong Sequence), SimClient> _waiting = [];
    private Height _snapshotAt;

    private ReplicaHost(SimNode node, DurableState state)
    {
        (_node, _world, _state) = (node, node.World, state);
        _verifier = new MessageVerifier(SimIdentity.Cluster, _world.Genesis.Scheme.Verifier);
        _flaws = new HostFlaws(this);
        var options = new ReplicaOptions(node.Id, node.Incarnation)
        {
            Delay = World.Delay,
            Linger = node.Options.Linger,
            BundleFrom = node.Options.BundleFrom,
        };
        Replica = Replica.Recover(options, state.Foundation, _flaws.Recovered(state.Records));
        _snapshotAt = state.Foundation.Header.Height;
        _chores = new Chores(this);
    }

    public SimNode Node => _node;

    public Replica Replica { get; }

    public VoteGuard Guard => _state.Control.Guard;

    /// <summary>The last block that this process committed; null if none.</summary>
    public CommittedBlock? Last { get; private set; }

    /// <summary>The one before; null if none.</summary>
    public CommittedBlock? BeforeLast { get; private set; }

    public int LogSegments => _state.Control.Log.SegmentCount;

    /// <summary>Opens the disk and recovers.</summary>
    public static ReplicaHost Boot(SimNode node)
    {
        ReplicaHost host = new(node, DurableState.Open(node));
        if (host.Replica.IsVoting && host.Guard.Durable?.Epoch != host.Replica.Epoch)
        {
            host.BeginEpoch(host.Replica.Validators);
        }

        return host;
    }

    public void Start()
    {
        Begin(Replica.Start(_node.Clock));
        _chores.Plan();
    }

    public void Give(Input input) => Begin(Replica.Step(input, _node.Clock));

    public void Receive(NodeId from, Envelope envelope)
    {
        Message message = envelope.Message;
        _node.Misbehaviour?.Heard(_node, envelope);
        if (MessageVerifier.EpochOf(message) is Epoch epoch && epoch != Replica.Epoch)
        {
            Give(new Input.OtherEpochSeen(from, epoch));
            return;
        }

        if (_flaws.Heard(message) is { Count: > 0 } rash)
        {
            _node.Post(this, host => host.Begin(rash));
        }

        if (_verifier.IsSigned(message, Replica.Validators) || _flaws.TakesAnything)
        {
            Give(new Input.VerifiedMessage(from, message));
        }
        else
        {
            _world.Oracle.Refused(_node, from, message);
        }
    }

    /// <summary>A client's command; the client is answered when it is final here.</summary>
    public void Submit(SimClient client, CommandGroup group)
    {
        Command command = group.Commands[0];
        if (_flaws.TryAnswerLocally(client, command))
        {
            return;
        }

        // What was answered before is answered again, as the session in the ledger knows it.
        if (_world.Oracle.FindResult(command, Replica.FinalHeight) is { } known)
        {
            client.Answer(_node, known);
            return;
        }

        _waiting[(command.Client, command.Sequence)] = client;
        Give(new Input.GroupVerified(group));
    }

    /// <summary>Signs what the guard and the log know, and tells who watches.</summary>
    public Vote Sign(Ballot ballot)
    {
        int index = _world.Oracle.IndexOf(_node, ballot.Epoch);
        SimKey key = _node.Identity.VotingKey(_node.Incarnation);
        byte[] signature = _world.Genesis.Scheme.SignVote(
            key, ballot.SignedMessage(_node.Incarnation), ballot.SignatureContext(SimIdentity.Cluster));
        Vote vote = new(ballot, (byte)index, _node.Incarnation, signature);
        _world.Oracle.Signed(_node, vote);
        return vote;
    }

    private void Begin(IReadOnlyList<Effect> effects)
    {
        if (effects.Count == 0)
        {
            return;
        }

        TimeSpan before = _node.Disk.Busy;
        effects = _flaws.Changed(effects);
        if (_flaws.SendsFirst)
        {
            Release(effects);
            effects = [.. effects.Where(effect => effect is Effect.Persist or Effect.EpochBegan)];
        }

        foreach (Effect effect in effects)
        {
            _node.CountEffect();
            Keep(effect);
        }

        if (_state.Control.Log.HasPending || Guard.HasPending)
        {
            _state.Control.Commit();
        }

        _world.Oracle.Stepped(_node, Replica);
        TimeSpan busy = _node.Disk.Busy - before;
        if (busy > TimeSpan.Zero)
        {
            _node.Hold(busy, host => host.Release(effects));
        }
        else
        {
            Release(effects);
        }
    }

    private void Keep(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist persist:
                _state.Control.Append((byte)persist.Record.Type, persist.Record.Encode());
                break;
            case Effect.SignAndBroadcast sign:
                Admit(sign.Ballot);
                break;
            case Effect.SignAndPropose sign:
                Admit(sign.Ballot);
                break;
            case Effect.EpochBegan began:
                _state.Control.Commit();
                BeginEpoch(began.Validators);
                break;
        }
    }

    private void Admit(Ballot ballot)
    {
        GuardVerdict verdict = _state.Control.Admit(BallotStatements.Of(ballot));
        if (verdict is not (GuardVerdict.Admitted or GuardVerdict.Known))
        {
            _world.Oracle.GuardRefused(_node, ballot, verdict);
        }
    }

    private void BeginEpoch(ValidatorSet validators)
    {
        bool isMember = validators.TryIndexOf(_node.Id, out int index)
            && validators[index].Incarnation == _node.Incarnation;
        _world.Oracle.EpochBegan(_node, validators);
        if (!isMember || Guard.Durable?.Epoch == validators.Epoch)
        {
            return;
        }

        bool hasBegun = Guard.TryBeginEpoch(
            SimIdentity.Cluster, validators.Epoch, _node.Incarnation, _state.Control.Log.Synced,
            (new Epoch(validators.Epoch.Value - 1), _node.Incarnation - 1));
        _world.Trace.Note(_node.Number, "epoch", validators.Epoch.Value, hasBegun ? 1UL : 0);
        if (hasBegun && _node.HasLostVote)
        {
            _node.HasLostVote = false;
            _world.Oracle.GotVote(_node);
        }
    }

    private void Release(IReadOnlyList<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            _node.CountEffect();
            Do(effect);
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.SignAndBroadcast sign when MaySign(sign.Ballot):
                Vote vote = Sign(sign.Ballot);
                _node.Broadcast(new Message.VoteCast(vote));
                _node.Post(this, host => host.Give(new Input.OwnVoteSigned(vote)));
                break;
            case Effect.SignAndPropose sign when MaySign(sign.Ballot):
                _world.Oracle.Proposed(sign.Block);
                Vote proposal = Sign(sign.Ballot);
                _node.Broadcast(new Message.Propose(proposal, sign.Block));
                _node.Post(this, host => host.Give(new Input.OwnVoteSigned(proposal)));
                break;
            case Effect.Broadcast broadcast:
                _node.Broadcast(broadcast.Message);
                break;
            case Effect.Send send:
                _node.Send(send.To, send.Message);
                break;
            case Effect.SetTimer timer:
                _world.Schedule.After(timer.After, () => _node.Post(
                    this, host => host.Give(new Input.TimerFired(timer.Kind, timer.Generation))));
                break;
            case Effect.Commit commit:
                Commit(commit);
                break;
            case Effect.Accuse accuse:
                _world.Oracle.Accused(_node, accuse.Accusation);
                _chores.Report(accuse.Accusation);
                break;
            case Effect.ServeFinal serve:
                Serve(serve);
                break;
        }
    }

    private bool MaySign(Ballot ballot) =>
        _flaws.SignsAnything || Array.TrueForAll(BallotStatements.Of(ballot), said => _state.Control.MaySign(said));

    private void Commit(Effect.Commit commit)
    {
        foreach (CommittedBlock committed in commit.Blocks)
        {
            Block block = committed.Block;
            WireWriter writer = new(block.Body.Encoded.Length + BlockHeader.EncodedSize + 8);
            block.WriteTo(writer);
            bool isPut = _state.Blocks.Put(new BlockIdentity(block.Header.Height, block.Digest), writer.ToArray());
            Invariant.Holds(isPut);
            (BeforeLast, Last) = (Last, committed);
        }

        BlockHeader last = commit.Blocks[^1].Block.Header;
        WireWriter proof = new(4_096);
        commit.Proof.WriteTo(proof);
        _state.Blocks.OfferProof(
            new BlockIdentity(last.Height, commit.Blocks[^1].Block.Digest), last.Timestamp, proof.Written);
        _world.Oracle.Committed(_node, commit);
        AnswerClients(commit);
        ulong every = _node.Options.BlocksPerSnapshot;
        if (every > 0 && last.Height.Value >= _snapshotAt.Value + every && last.Height == Replica.FinalHeight)
        {
            TakeSnapshot(commit.Blocks[^1].ToFoundation());
        }
    }

    private void AnswerClients(Effect.Commit commit)
    {
        foreach (CommittedBlock committed in commit.Blocks)
        {
            foreach (Consensus.Ledgers.CommandResult result in committed.Execution.Results)
            {
                if (_waiting.Remove((result.Client, result.Sequence), out SimClient? client))
                {
                    client.Answer(_node, result);
                }
            }
        }
    }

    private void TakeSnapshot(Foundation foundation)
    {
        BlockIdentity identity = new(foundation.Header.Height, foundation.Digest);
        SnapshotManifest manifest = _state.Snapshots.Write(
            identity, foundation.Ledger.Root, [FoundationBytes.Encode(foundation)]);
        WalRecord taken = new WalRecord.SnapshotTaken(
            identity.Height, identity.Digest, manifest.ComputeId().ToArray());
        ulong first = _state.Control.Append((byte)taken.Type, taken.Encode());
        foreach (WalRecord record in Replica.LiveRecords())
        {
            _state.Control.Append((byte)record.Type, record.Encode());
        }

        _state.Control.Commit();
        _state.Blocks.Sync();
        int deleted = _state.Control.Log.DeleteBefore(first);
        _snapshotAt = identity.Height;
        _world.Trace.Note(_node.Number, "snapshot", identity.Height.Value, (ulong)deleted);
    }

    private void Serve(Effect.ServeFinal serve)
    {
        if (_state.Blocks.FindProof(serve.From) is not { } found
            || found.Block.Height.Value - serve.From.Value >= ServedBlocksMax)
        {
            _world.Trace.Note(_node.Number, "cannot prove", serve.From.Value);
            return;
        }

        ulong count = found.Block.Height.Value - serve.From.Value + 1;

        List<Block> blocks = [];
        foreach (byte[] bytes in _state.Blocks.ReadRange(serve.From, (int)count, ServedBytesMax))
        {
            var reader = new WireReader(bytes);
            if (Block.TryRead(ref reader, bytes, out Block? block))
            {
                blocks.Add(block);
            }
        }

        var proof = new WireReader(found.Proof);
        if (blocks.Count == (int)count && FinalityProof.TryRead(ref proof, out FinalityProof? finality))
        {
            _node.Send(serve.To, new Message.FinalBlocks(blocks, finality));
        }
        else
        {
            _world.Trace.Note(_node.Number, "cannot serve", serve.From.Value, (ulong)blocks.Count);
        }
    }
}
