using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control;

/// <summary>Log and guard together, under every death and one damage.</summary>
public sealed class ControlStoreTests
{
    private const byte BallotType = 1;
    private const byte OtherType = 2;

    private static readonly WalOptions Options = new() { SegmentSizeBytes = 64 << 10, ZeroAheadBytes = 8 << 10 };
    private static readonly Digest Cluster = Digest.Sha256("cluster"u8);

    private readonly FaultyDisk _disk = new(3);
    private readonly List<Statement> _signed = [];

    [Fact]
    public void What_was_signed_is_known_after_a_power_cut_anywhere()
    {
        FaultyDisk whole = new(1);
        Run(whole, [], []);
        int points = whole.ChangeCount;

        for (int point = 0; point <= points; point++)
        {
            for (int scramble = 0; scramble < 6; scramble++)
            {
                FaultyDisk disk = new((point * 10) + scramble) { CutAt = point };
                List<Statement> signed = [];
                List<ulong> records = [];
                try
                {
                    Run(disk, signed, records);
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();
                Check(disk, signed, records, $"point {point} scramble {scramble}");
            }
        }
    }

    // Who may neither nullify nor find the certificate again stands in the view for ever.
    [Fact]
    public void After_a_power_cut_anywhere_no_finalize_bars_a_view_that_the_log_has_not()
    {
        FaultyDisk whole = new(1);
        Run(whole, [], []);
        int points = whole.ChangeCount;
        for (int point = 0; point <= points; point++)
        {
            for (int scramble = 0; scramble < 6; scramble++)
            {
                FaultyDisk disk = new((point * 10) + scramble) { CutAt = point };
                try
                {
                    Run(disk, [], []);
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();
                if (Open(disk).Store is { } store)
                {
                    List<Statement> inLog = [];
                    store.Log.Replay(0, record => inLog.AddRange(StatementsOf(record)));
                    for (ulong view = 2; view <= 6; view += 2)
                    {
                        bool isSaid = inLog.Contains(Said(view, VoteKind.Finalize));
                        GuardVerdict expected = isSaid ? GuardVerdict.Contradiction : GuardVerdict.Admitted;
                        Assert.True(
                            store.Admit(Said(view, VoteKind.Nullify)) == expected, $"{point} {scramble}, view {view}");
                    }
                }
            }
        }
    }

    [Fact]
    public void What_was_signed_is_known_after_rot_of_the_newest_slot_of_the_guard()
    {
        List<ulong> records = [];
        Run(_disk, _signed, records);
        for (int slot = 0; slot < 2; slot++)
        {
            FaultyDisk disk = _disk.Copy(1);
            disk.Rot(VoteGuard.FileName, (slot * GuardSlot.SizeBytes) + 130);

            Check(disk, _signed, records, $"slot {slot}");
        }
    }

    [Fact]
    public void A_lost_slot_whose_ballots_are_in_no_log_any_more_means_not_voting()
    {
        using (ControlStore store = New(_disk))
        {
            Vote(store, 1, VoteKind.Notarize);
            Vote(store, 2, VoteKind.Notarize);
            for (int i = 0; i < 40; i++)
            {
                store.Append(OtherType, new byte[5_000]);
                store.Commit();
            }

            store.Log.DeleteBefore(store.Log.Synced.Record);
        }

        FaultyDisk whole = _disk.Copy(1);
        int newest = NewestOffset(_disk);
        _disk.Rot(VoteGuard.FileName, newest + 130);

        Assert.Equal(ControlStoreState.Voting, Open(whole).State);
        Assert.Equal(ControlStoreState.NotVoting, Open(_disk).State);
    }

    [Fact]
    public void Rot_in_the_last_group_is_damage_after_the_log_was_sealed()
    {
        using (ControlStore store = New(_disk))
        {
            Vote(store, 1, VoteKind.Notarize);
            store.Append(OtherType, new byte[100]);
            store.Seal();
        }

        string segment = WalFormat.NameOf(1);
        _disk.Rot(segment, WalFormat.SegmentHeadSize + WalFormat.SectorSize + 150);

        ControlStoreOpening opening = Open(_disk);

        Assert.Equal(ControlStoreState.Damaged, opening.State);
        Assert.Equal(WalDamageKind.Group, opening.Damage!.Kind);
        Assert.Equal(2UL, opening.Damage.At.Record);
    }

    [Fact]
    public void Rot_in_a_last_group_that_nobody_vouches_for_still_cannot_make_it_contradict_itself()
    {
        using (ControlStore store = New(_disk))
        {
            Vote(store, 1, VoteKind.Notarize);
            Vote(store, 1, VoteKind.Nullify);
        }

        _disk.Rot(WalFormat.NameOf(1), WalFormat.SegmentHeadSize + WalFormat.SectorSize + 50);

        ControlStoreOpening opening = Open(_disk);

        Assert.Equal(ControlStoreState.Voting, opening.State);
        Assert.True(opening.TornBytes > 0);
        Assert.Equal(GuardVerdict.Contradiction, opening.Store!.Admit(Said(1, VoteKind.Finalize)));
    }

    [Fact]
    public void A_missing_guard_means_not_voting_until_the_next_epoch_and_incarnation_also_after_restarts()
    {
        New(_disk).Dispose();
        _disk.Lose(VoteGuard.FileName);
        Open(_disk).Store!.Dispose();

        ControlStoreOpening opening = Open(_disk);
        ControlStore store = opening.Store!;
        bool isBegun = store.Guard.TryBeginEpoch(Cluster, new Epoch(6), 2, store.Log.Synced, (new Epoch(5), 1));
        store.Dispose();

        Assert.Equal(ControlStoreState.NotVoting, opening.State);
        Assert.True(isBegun);
        Assert.Equal(ControlStoreState.Voting, Open(_disk).State);
    }

    [Fact]
    public void A_lost_log_means_to_start_over_without_a_vote()
    {
        using (ControlStore store = New(_disk))
        {
            Vote(store, 1, VoteKind.Notarize);
        }

        _disk.Lose(WalFormat.NameOf(1));
        ControlStoreState lost = Open(_disk).State;
        ControlStore.StartOver(_disk, Options, Cluster, new SeededRandom(2)).Dispose();
        ControlStore again = Open(_disk).Store!;

        Assert.Equal(ControlStoreState.Missing, lost);
        Assert.Throws<IOException>(() => New(_disk));
        Assert.Equal(GuardVerdict.NotVoting, again.Admit(Said(2, VoteKind.Notarize)));
        Assert.False(again.Guard.TryBeginEpoch(Cluster, new Epoch(6), 1, again.Log.Synced, default));
        Assert.True(again.Guard.TryBeginEpoch(Cluster, new Epoch(6), 2, again.Log.Synced, default));
    }

    [Fact]
    public void Starting_over_that_is_interrupted_anywhere_never_ends_with_a_vote()
    {
        using (ControlStore store = New(_disk))
        {
            Vote(store, 1, VoteKind.Notarize);
        }

        _disk.Lose(WalFormat.NameOf(1));
        for (int point = 0; point < 20; point++)
        {
            for (int seed = 0; seed < 10; seed++)
            {
                FaultyDisk disk = _disk.Copy(seed);
                disk.CutAt = point;
                try
                {
                    ControlStore.StartOver(disk, Options, Cluster, new SeededRandom(2)).Dispose();
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();
                ControlStoreState state = Open(disk).State;

                Assert.True(
                    state is ControlStoreState.Missing or ControlStoreState.NotVoting, $"{point} {seed}: {state}");
            }
        }
    }

    [Fact]
    public void Making_the_first_state_goes_on_where_a_power_cut_interrupted_it()
    {
        for (int point = 0; point < 14; point++)
        {
            FaultyDisk disk = new(point) { CutAt = point };
            try
            {
                New(disk).Dispose();
            }
            catch (PowerCutException)
            {
            }

            disk.Cut();
            if (Open(disk) is { Store: { } made })
            {
                made.Dispose();
                continue;
            }

            using ControlStore store = New(disk);
            Assert.True(store.Guard.IsVoting);
        }
    }

    // Signed and sent, then damaged before anything was written after it: to forget it would be to contradict oneself.
    [Fact]
    public void What_the_log_loses_of_a_signed_finalize_comes_back_with_its_certificate_from_beside_the_guard()
    {
        byte[] certificate = new byte[20_000];
        Array.Fill(certificate, (byte)7);
        for (int lost = -1; lost < 6; lost++)
        {
            FaultyDisk disk = new(lost + 9);
            ulong records;
            int begin;
            using (ControlStore store = New(disk))
            {
                begin = 2 * 4_096;
                disk.Plan = (operation, name) => lost < 0 && operation == DiskOperation.Write && name.EndsWith(".log")
                    ? DiskFault.Lose
                    : DiskFault.None;
                store.Append(OtherType, certificate);
                Vote(store, 2, VoteKind.Finalize);
                Assert.True(store.MaySign(Said(2, VoteKind.Finalize)));
                records = store.Log.Synced.Record;
            }

            disk.Plan = null;
            disk.Cut();
            if (lost >= 0)
            {
                disk.Rot("wal-0000000000000001.log", begin + (lost * 4_000));
            }

            using ControlStore reopened = Open(disk).Store!;
            List<byte[]> payloads = [];
            reopened.Log.Replay(0, record => payloads.Add(record.Payload.ToArray()));
            Assert.Equal(records, reopened.Log.Synced.Record);
            Assert.Contains(payloads, payload => payload.AsSpan().SequenceEqual(certificate));
            Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Said(2, VoteKind.Nullify)));
            Assert.Equal(GuardVerdict.Known, reopened.Admit(Said(2, VoteKind.Finalize)));
        }
    }

    [Fact]
    public void A_turn_too_large_for_a_copy_is_in_the_log_before_the_guard_has_its_finalize()
    {
        WalOptions large = new() { SegmentSizeBytes = 1 << 20 };
        for (int cut = 0; cut < 12; cut++)
        {
            FaultyDisk disk = new(cut);
            try
            {
                using ControlStore store = ControlStore.Create(
                    disk, large, Cluster, new Epoch(5), 1, new SeededRandom(1));
                disk.CutAt = disk.ChangeCount + cut;
                store.Append(OtherType, new byte[TurnCopy.SizeMax + 1]);
                Vote(store, 2, VoteKind.Finalize);
            }
            catch (PowerCutException)
            {
            }

            disk.Cut();
            disk.Kill();
            using ControlStore reopened = ControlStore.Open(disk, large, Cluster, StatementsOf).Store!;
            bool isInLog = reopened.Log.Synced.Record > 1;
            GuardVerdict expected = isInLog ? GuardVerdict.Contradiction : GuardVerdict.Admitted;
            Assert.True(reopened.Admit(Said(2, VoteKind.Nullify)) == expected, $"cut {cut}");
        }
    }

    [Fact]
    public void Another_cluster_cannot_use_the_guard()
    {
        New(_disk).Dispose();

        ControlStoreOpening opening =
            ControlStore.Open(_disk, Options, Digest.Sha256("other"u8), StatementsOf);

        Assert.Equal(ControlStoreState.NotVoting, opening.State);
    }

    private static ControlStore New(FaultyDisk disk) =>
        ControlStore.Create(disk, Options, Cluster, new Epoch(5), 1, new SeededRandom(1));

    private static ControlStoreOpening Open(FaultyDisk disk)
    {
        disk.Kill();
        return ControlStore.Open(disk, Options, Cluster, StatementsOf);
    }

    private static void Run(FaultyDisk disk, List<Statement> signed, List<ulong> records)
    {
        using ControlStore store = New(disk);
        for (ulong view = 1; view <= 6; view++)
        {
            store.Append(OtherType, new byte[(int)view * 3_000]);
            VoteKind last = view % 2 == 0 ? VoteKind.Finalize : VoteKind.Nullify;
            foreach (VoteKind kind in (VoteKind[])[VoteKind.Notarize, last])
            {
                Statement statement = Vote(store, view, kind);
                if (store.MaySign(statement))
                {
                    signed.Add(statement);
                    records.Add(store.Log.Synced.Record - 1);
                }
            }
        }
    }

    private static Statement Vote(ControlStore store, ulong view, VoteKind kind)
    {
        Statement statement = Said(view, kind);
        Assert.Equal(GuardVerdict.Admitted, store.Admit(statement));
        store.Append(BallotType, [(byte)kind, (byte)view]);
        store.Commit();
        return statement;
    }

    private static void Check(FaultyDisk disk, List<Statement> signed, List<ulong> records, string what)
    {
        ControlStoreOpening opening = Open(disk);
        bool isVoting = opening.State == ControlStoreState.Voting;
        Assert.True(isVoting || signed.Count == 0, $"{what}: {opening.State} {opening.Damage}");
        foreach (Statement statement in signed)
        {
            Assert.True(opening.Store!.Admit(statement) == GuardVerdict.Known, $"{what}: {statement}");
        }

        if (records.Count > 0)
        {
            Assert.True(opening.Store!.Log.Synced.Record > records[^1], what);
        }
    }

    private static int NewestOffset(FaultyDisk disk)
    {
        using VoteGuard guard = VoteGuard.Open(disk, Cluster);
        return GuardSlot.OffsetOf(guard.Durable!.Sequence);
    }

    private static IEnumerable<Statement> StatementsOf(LogRecord record) =>
        record.Type == BallotType ? [Said(record.Payload.Span[1], (VoteKind)record.Payload.Span[0])] : [];

    private static Statement Said(ulong view, VoteKind kind) => new(
        kind, new Epoch(5), new View(view), kind == VoteKind.Nullify ? default : Digest.Sha256([(byte)view]));
}
