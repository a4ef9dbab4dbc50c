using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>All that a replica has on disk: log, guard, keys, blocks and snapshots.</summary>
/// <remarks>
/// Not safe for more threads than one. After an <see cref="IOException"/> dispose it and open it anew.
/// </remarks>
internal sealed class ReplicaDisk : IDisposable
{
    private readonly ControlDesk _desk;
    private readonly ControlStore _store;
    private readonly VotingKeyRing _ring;
    private readonly BlockStore _blocks;
    private readonly SnapshotStore _snapshots;
    private readonly SharedFiles _files;

    // If the guard's memory is lost, every key that was here then may have signed anything.
    private readonly uint _incarnationAtOpen;

    // Where in the log the records begin that are needed beside each snapshot, the newest last.
    private readonly List<ulong> _snapshotRecords = [];

    private ReplicaDisk(ControlDesk desk, IDisk disk, ControlStore store, VotingKeyRing ring)
    {
        (_desk, _store, _ring) = (desk, store, ring);
        _incarnationAtOpen = ring.Entries.Select(entry => entry.Incarnation).DefaultIfEmpty().Max();
        _snapshots = new SnapshotStore(disk);
        _blocks = BlockStore.Open(
            disk, new BlockStoreOptions { SizeBytesMax = desk.Options.BlockBytesMax }, BlockIdentity.Of);
        _files = new SharedFiles(disk, new BlockServer(_blocks), new HandoverStore(disk));
    }

    /// <summary>How the log stands.</summary>
    public WalFigures Figures => new(
        _store.Log.FirstRecord, _store.Log.Synced.Record, _store.Log.Synced.Sequence, _store.Log.SegmentCount,
        _desk.Options.WalSegmentBytes, _blocks.SizeBytes);

    /// <summary>Opens what is there, or begins.</summary>
    /// <exception cref="IOException">The disk failed, or another process has it.</exception>
    public static (ReplicaDisk Disk, DiskOpened Opened) Open(ControlDesk desk)
    {
        IDisk disk = desk.Boundaries.OpenDisk();
        VotingKeyRing ring = VotingKeyRing.Open(disk, desk.Genesis.Cluster, desk.Node.Key, desk.Node.Random);
        ControlStore? store = null;
        bool isKept = false;
        try
        {
            Foundation? newest = NewestSnapshot(desk, new SnapshotStore(disk));
            (store, ControlStoreState state, string detail) = OpenStore(desk, disk, ring);
            if (!IsCovered(store.Log, newest))
            {
                store.Dispose();
                store = StartOver(desk, disk);
                (state, detail) = (ControlStoreState.Damaged, "the log begins after what is left of the snapshots");
            }

            ReplicaDisk opened = new(desk, disk, store, ring);
            DiskOpened found = opened.Read(state, detail, newest ?? desk.Genesis.Foundation);
            isKept = true;
            return (opened, found);
        }
        finally
        {
            if (!isKept)
            {
                store?.Dispose();
                ring.Dispose();
            }
        }
    }

    /// <summary>Does what a turn wants; all of it is durable when it returns, but for stored blocks.</summary>
    /// <param name="steps">What, in order.</param>
    /// <param name="mayWait">Whether records without a ballot may become durable with the next turn.</param>
    public TurnWritten Write(IReadOnlyList<DiskStep> steps, bool mayWait)
    {
        List<Ballot> admitted = [];
        int refused = 0;
        MlDsa65SigningKey? key = null;
        foreach (DiskStep step in steps)
        {
            switch (step)
            {
                case DiskStep.Keep keep:
                    _store.Append((byte)keep.Record.Type, keep.Record.Encode());
                    break;
                case DiskStep.Admit admit when IsAdmitted(admit.Ballot):
                    admitted.Add(admit.Ballot);
                    break;
                case DiskStep.Admit:
                    refused++;
                    break;
                case DiskStep.Begin begin:
                    key = Begin(begin.Validators) ?? key;
                    break;
                case DiskStep.Store store:
                    Store(store);
                    break;
                case DiskStep.Compact compact:
                    Compact(compact);
                    break;
            }
        }

        if (!mayWait || admitted.Count > 0)
        {
            _store.Commit();
        }

        HashSet<Ballot> signable = [];
        foreach (Ballot ballot in admitted)
        {
            bool maySign = BallotStatements.Of(ballot).All(statement => _store.MaySign(statement));
            if (maySign)
            {
                signable.Add(ballot);
            }
        }

        return new TurnWritten(signable, refused + admitted.Count - signable.Count, key, Figures);
    }

    /// <summary>Turns the guard to an epoch of the replica, if this node votes in it and may.</summary>
    /// <returns>A copy of the key with which it votes; null if it does not.</returns>
    public MlDsa65SigningKey? Begin(ValidatorSet validators)
    {
        if (!validators.TryIndexOf(_desk.Node.Self, out int index))
        {
            return null;
        }

        Validator self = validators[index];
        MlDsa65SigningKey? key = _ring.Find(self.VotingKey.Span);
        if (key is null || _ring.IncarnationOf(self.VotingKey.Span) != self.Incarnation)
        {
            return null;
        }

        GuardMemory? memory = _store.Guard.Durable;
        if (memory is null || memory.Epoch < validators.Epoch)
        {
            // What was said in the epoch before is durable before the guard forgets it.
            _store.Commit();
            bool hasBegun = _store.Guard.TryBeginEpoch(
                _desk.Genesis.Cluster, validators.Epoch, self.Incarnation, _store.Log.Synced,
                (new Epoch(0), _incarnationAtOpen));
            if (!hasBegun)
            {
                return null;
            }
        }

        bool isFit = _store.Guard.IsVoting && _store.Guard.Durable is { } now && now.Epoch == validators.Epoch
            && now.Incarnation == self.Incarnation;
        return isFit ? CopyOf(key) : null;
    }

    /// <summary>Makes a voting key, durably.</summary>
    public VotingKeyClaim MakeKey(MakeKey make) => _ring.Create(make.Incarnation, isUsed: true, make.Needed);

    /// <summary>Erases the voting keys before the one that is in force; all if none is.</summary>
    /// <returns>How many were erased.</returns>
    public int EraseKeys(ReadOnlySpan<byte> inForce) =>
        inForce.IsEmpty ? _ring.EraseAll() : _ring.EraseBefore(inForce);

    /// <summary>The log has been idle: lets the guard vouch for its end.</summary>
    public void Seal() => _store.Seal();

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _store.Dispose();
        _ring.Dispose();
    }

    private static (ControlStore Store, ControlStoreState State, string Detail) OpenStore(
        ControlDesk desk, IDisk disk, VotingKeyRing ring)
    {
        Digest cluster = desk.Genesis.Cluster;
        WalOptions wal = new() { SegmentSizeBytes = desk.Options.WalSegmentBytes };
        ControlStoreOpening opening = ControlStore.Open(disk, wal, cluster, BallotStatements.InLog);
        if (opening.Store is { } store)
        {
            ring.MarkUsed();
            string detail = opening.State == ControlStoreState.NotVoting
                ? "the vote guard lost its memory or renounced"
                : string.Empty;
            return (store, opening.State, detail);
        }

        if (opening.State == ControlStoreState.Missing && !ring.IsUsed && IsGuardBlank(disk, cluster))
        {
            EnsureKey(ring);
            ControlStore fresh = ControlStore.Create(
                disk, wal, cluster, ControlGenesis.FirstEpoch, ring.Entries[^1].Incarnation, desk.Node.Random);
            ring.MarkUsed();
            return (fresh, ControlStoreState.Voting, string.Empty);
        }

        return (StartOver(desk, disk), opening.State, opening.Damage?.ToString() ?? "the log of this node is gone");
    }

    private static ControlStore StartOver(ControlDesk desk, IDisk disk) => ControlStore.StartOver(
        disk, new WalOptions { SegmentSizeBytes = desk.Options.WalSegmentBytes }, desk.Genesis.Cluster,
        desk.Node.Random);

    // All records are there, or a snapshot of what went before the first of them.
    private static bool IsCovered(WriteAheadLog log, Foundation? snapshot)
    {
        Height? needed = null;
        if (log.FirstRecord > 1)
        {
            log.Replay(0, record =>
            {
                if (needed is null && record.Type == (byte)WalRecordType.SnapshotTaken
                    && WalRecord.TryDecode(record.Payload.ToArray(), out WalRecord? decoded))
                {
                    needed = ((WalRecord.SnapshotTaken)decoded).Height;
                }
            });
        }

        return log.FirstRecord == 1 || (needed is { } height && snapshot?.Header.Height >= height);
    }

    private static void EnsureKey(VotingKeyRing ring)
    {
        if (ring.Entries.Count == 0)
        {
            ring.Create(1, isUsed: false);
        }
    }

    private static bool IsGuardBlank(IDisk disk, Digest cluster)
    {
        if (!disk.ListNames().Contains(VoteGuard.FileName))
        {
            return true;
        }

        using VoteGuard guard = VoteGuard.Open(disk, cluster);
        return guard.Durable is { IsBlank: true };
    }

    private DiskOpened Read(ControlStoreState state, string detail, Foundation foundation)
    {
        List<WalRecord> records = [];
        _store.Log.Replay(0, record =>
        {
            // The payload is gone when this returns, and records keep parts of it.
            if (!WalRecord.TryDecode(record.Payload.ToArray(), out WalRecord? decoded))
            {
                throw new IOException($"Record {record.Number} of the control log is of no known form.");
            }

            records.Add(decoded);
            if (decoded is WalRecord.SnapshotTaken)
            {
                _snapshotRecords.Add(record.Number);
            }
        });
        uint incarnation = _store.Guard.IsVoting ? _store.Guard.Durable!.Incarnation : 0;
        return new DiskOpened(
            state, detail, incarnation, foundation, records,
            [.. _ring.Entries.Select(entry => entry.KeyDigest)],
            [.. _ring.Entries.Where(IsUsable).Select(entry => entry.KeyDigest)], Figures, _files);
    }

    private bool IsUsable(VotingKeyEntry entry) => _store.Guard.Durable switch
    {
        null => entry.Incarnation > _incarnationAtOpen,
        { HasRenounced: true } memory => entry.Incarnation > memory.Incarnation,
        { } memory => entry.Incarnation >= memory.Incarnation,
    };

    private static Foundation? NewestSnapshot(ControlDesk desk, SnapshotStore snapshots)
    {
        foreach (Height height in snapshots.Heights)
        {
            using SnapshotFile? file = snapshots.Open(height);
            if (file is not null && snapshots.Read(height) is { } bytes && SnapshotContent.TryDecode(
                desk.Genesis.Machines, bytes, file.Manifest.StateRoot, out Foundation? foundation)
                && foundation.Digest == file.Manifest.Block.Digest)
            {
                return foundation;
            }
        }

        return null;
    }

    private bool IsAdmitted(Ballot ballot) =>
        _store.Admit(BallotStatements.Of(ballot)) is GuardVerdict.Admitted or GuardVerdict.Known;

    private static MlDsa65SigningKey CopyOf(MlDsa65SigningKey key)
    {
        byte[] seed = key.ExportSeed();
        MlDsa65SigningKey copy = new(seed);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(seed);
        return copy;
    }

    private void Store(DiskStep.Store store)
    {
        foreach (CommittedBlock committed in store.Blocks)
        {
            WireWriter writer = new(committed.Block.Body.Encoded.Length + 256);
            committed.Block.WriteTo(writer);
            _blocks.Put(IdentityOf(committed.Block), writer.WrittenMemory);
        }

        Block last = store.Blocks[^1].Block;
        WireWriter proof = new(16_384);
        store.Proof.WriteTo(proof);
        _files.Blocks.Show(last.Header.Height, store.Proof);
        if (last.Header.IsEpochEnd && store.Blocks[^1].Execution.Ledger is { NextValidators: { } next } ledger)
        {
            _files.Handovers.Keep(new EpochHandover(last.Header, store.Proof, ledger.Open(), next));
        }

        if (proof.Length > BlockEntry.PayloadSizeMax)
        {
            return;
        }

        if (last.Header.IsEpochEnd || store.IsKept)
        {
            // A later proof is of another epoch, or a restart forgets the newest.
            _blocks.KeepProof(IdentityOf(last), last.Header.Timestamp, proof.Written);
        }
        else
        {
            _blocks.OfferProof(IdentityOf(last), last.Header.Timestamp, proof.Written);
        }
    }

    private void Compact(DiskStep.Compact compact)
    {
        _store.Commit();
        Foundation foundation = compact.Snapshot;
        var identity = new BlockIdentity(foundation.Header.Height, foundation.Digest);
        SnapshotManifest manifest = _snapshots.Write(
            identity, foundation.Ledger.Root, SnapshotContent.PartsOf(foundation));
        _snapshotRecords.Add(_store.Log.Synced.Record);
        WalRecord taken = new WalRecord.SnapshotTaken(
            identity.Height, identity.Digest, manifest.ComputeId().ToArray());
        _store.Append((byte)taken.Type, taken.Encode());
        foreach (WalRecord record in compact.LiveRecords)
        {
            _store.Append((byte)record.Type, record.Encode());
        }

        _store.Commit();
        _blocks.Sync();
        if (_snapshotRecords.Count >= 2)
        {
            _store.Log.DeleteBefore(_snapshotRecords[^2]);
            _snapshotRecords.RemoveRange(0, _snapshotRecords.Count - 2);
        }

        _blocks.Trim();
    }

    private static BlockIdentity IdentityOf(Block block) => new(block.Header.Height, block.Digest);
}
