using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using static SigmaComms.Cluster.Tests.Control.Guards.GuardScript;

namespace SigmaComms.Cluster.Tests.Control.Guards;

public sealed class VoteGuardTests
{
    /// <summary>Where a log stands that got every turn.</summary>
    private static readonly WalPosition LogEnd = new(100, 100, default);

    private readonly FaultyDisk _disk = new(1);

    /// <summary>Every pair of statements of one view: what the second gets after the first.</summary>
    public static TheoryData<string, string, string> Pairs => new()
    {
        { "propose a", "propose a", "Known" },
        { "propose a", "propose b", "Contradiction" },
        { "propose a", "notarize b", "Admitted" },
        { "propose a", "nullify", "Admitted" },
        { "propose a", "finalize b", "Admitted" },
        { "notarize a", "propose b", "Admitted" },
        { "notarize a", "notarize a", "Known" },
        { "notarize a", "notarize b", "Contradiction" },
        { "notarize a", "nullify", "Admitted" },
        { "notarize a", "finalize b", "Admitted" },
        { "nullify", "propose a", "Admitted" },
        { "nullify", "notarize a", "Admitted" },
        { "nullify", "nullify", "Known" },
        { "nullify", "finalize a", "Contradiction" },
        { "finalize a", "propose b", "Admitted" },
        { "finalize a", "notarize b", "Admitted" },
        { "finalize a", "nullify", "Contradiction" },
        { "finalize a", "finalize a", "Known" },
        { "finalize a", "finalize b", "Contradiction" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_second_of_two_statements_of_a_view_is_judged_by_the_first(
        string first, string second, string verdict)
    {
        using VoteGuard guard = Fresh();
        Say(guard, Parse(first, 3));

        GuardVerdict now = guard.Admit(Parse(second, 3));
        Say(guard, Parse("propose a", 4));
        using VoteGuard reopened = Reopen();

        Assert.Equal(verdict, now.ToString());
        string after = verdict == "Admitted" ? "Known" : verdict;
        Assert.Equal(after, reopened.Admit(Parse(second, 3)).ToString());
        Assert.Equal(GuardVerdict.Known, reopened.Admit(Parse(first, 3)));
    }

    [Fact]
    public void What_was_admitted_may_be_signed_only_once_it_is_durable()
    {
        using VoteGuard guard = Fresh();
        Statement said = Parse("notarize a", 1);

        guard.Admit(said);
        bool before = guard.MaySign(said);
        guard.Stage(WalPosition.Start);
        bool staged = guard.MaySign(said);
        guard.File.Sync();
        guard.Settle();

        Assert.Equal((false, false, true), (before, staged, guard.MaySign(said)));
        Assert.False(guard.MaySign(Parse("notarize b", 1)));
        Assert.False(guard.MaySign(Parse("nullify", 1)));
    }

    [Fact]
    public void Of_a_bundle_both_statements_are_admitted_or_none()
    {
        using VoteGuard guard = Fresh();
        Say(guard, Parse("notarize a", 6));

        GuardVerdict refused = guard.Admit(Parse("finalize a", 5), Parse("notarize b", 6));
        GuardVerdict finalize = guard.Admit(Parse("finalize b", 5), Parse("notarize a", 6));

        Assert.Equal(GuardVerdict.Contradiction, refused);
        Assert.Equal(GuardVerdict.Admitted, finalize);
    }

    [Fact]
    public void Statements_that_contradict_each_other_in_one_ballot_are_refused()
    {
        using VoteGuard guard = Fresh();

        Assert.Equal(GuardVerdict.Contradiction, guard.Admit(Parse("nullify", 5), Parse("finalize a", 5)));
        Assert.False(guard.HasPending);
    }

    [Fact]
    public void Views_that_were_forgotten_get_no_more_votes()
    {
        using VoteGuard guard = Fresh();
        for (ulong view = 10; view < 10 + GuardMemory.ViewsMax + 2; view++)
        {
            Say(guard, Parse("notarize a", view));
        }

        Assert.Equal(GuardVerdict.TooOld, guard.Admit(Parse("notarize a", 10)));
        Assert.Equal(GuardVerdict.TooOld, guard.Admit(Parse("notarize a", 11)));
        Assert.Equal(GuardVerdict.TooOld, guard.Admit(Parse("nullify", 4)));
        Assert.Equal(GuardVerdict.Known, guard.Admit(Parse("notarize a", 12)));
        Assert.Equal(GuardMemory.ViewsMax, guard.Durable!.Views.Count);
    }

    [Fact]
    public void A_view_before_all_that_are_remembered_is_refused_when_the_memory_is_full()
    {
        using VoteGuard guard = Fresh();
        for (ulong view = 10; view < 10 + GuardMemory.ViewsMax; view++)
        {
            Say(guard, Parse("notarize a", view));
        }

        Assert.Equal(GuardVerdict.TooOld, guard.Admit(Parse("nullify", 9)));
        Assert.False(guard.HasPending);
    }

    [Fact]
    public void Other_epochs_are_refused_and_a_new_epoch_ends_the_old_one_for_ever()
    {
        using VoteGuard guard = Fresh();
        Say(guard, Parse("notarize a", 3));
        Statement next = Parse("notarize b", 3) with { Epoch = new Epoch(6) };

        GuardVerdict early = guard.Admit(next);
        bool isBack = Begin(guard, 5, 2);
        bool isBegun = Begin(guard, 6, 2);

        Assert.Equal(GuardVerdict.OtherEpoch, early);
        Assert.False(isBack);
        Assert.True(isBegun);
        Assert.Equal(GuardVerdict.OtherEpoch, guard.Admit(Parse("notarize a", 3)));
        Assert.Equal(GuardVerdict.Admitted, guard.Admit(next));
    }

    [Fact]
    public void An_earlier_incarnation_does_not_come_back()
    {
        using VoteGuard guard = Fresh();

        Assert.False(Begin(guard, 6, 1));
        Assert.True(Begin(guard, 6, 3));
        Assert.False(Begin(guard, 7, 2));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("both slots bad")]
    [InlineData("other cluster")]
    public void A_guard_without_memory_admits_nothing_before_the_next_epoch_and_incarnation(string why)
    {
        using (VoteGuard guard = Fresh())
        {
            Say(guard, Parse("notarize a", 3));
        }

        Digest cluster = why == "other cluster" ? A : ClusterId;
        Lose(why);
        using VoteGuard lost = VoteGuard.Open(_disk, cluster);
        lost.Confirm([], WalPosition.Start);

        Assert.Equal(GuardVerdict.NotVoting, lost.Admit(Parse("notarize a", 4)));
        Assert.False(lost.TryBeginEpoch(cluster, new Epoch(5), 3, WalPosition.Start, (new Epoch(5), 2)));
        Assert.False(lost.TryBeginEpoch(cluster, new Epoch(6), 2, WalPosition.Start, (new Epoch(5), 2)));
        Assert.False(lost.IsVoting);
        Assert.True(lost.TryBeginEpoch(cluster, new Epoch(6), 3, WalPosition.Start, (new Epoch(5), 2)));
        Assert.Equal(GuardVerdict.Admitted, lost.Admit(Parse("notarize b", 3) with { Epoch = new Epoch(6) }));
    }

    [Fact]
    public void A_replica_that_renounced_votes_again_only_under_a_later_incarnation()
    {
        using (VoteGuard guard = Fresh())
        {
            guard.Renounce(WalPosition.Start);
        }

        using VoteGuard reopened = Reopen();

        Assert.Equal(GuardVerdict.NotVoting, reopened.Admit(Parse("notarize a", 3)));
        Assert.False(Begin(reopened, 6, 2));
        Assert.True(Begin(reopened, 6, 3));
        Assert.True(reopened.IsVoting);
    }

    [Fact]
    public void Before_the_log_is_read_nothing_is_admitted()
    {
        Fresh().Dispose();
        using VoteGuard guard = VoteGuard.Open(_disk, ClusterId);

        Assert.Equal(GuardVerdict.NotVoting, guard.Admit(Parse("notarize a", 3)));
    }

    [Fact]
    public void Ballots_of_the_log_count_as_said_and_a_contradiction_closes_the_view()
    {
        using (VoteGuard guard = Fresh())
        {
            Say(guard, Parse("notarize a", 3));
        }

        using VoteGuard reopened = VoteGuard.Open(_disk, ClusterId);
        reopened.Confirm(
            [Parse("notarize b", 3), Parse("nullify", 4), Parse("notarize a", 9) with { Epoch = new Epoch(4) }],
            WalPosition.Start);

        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("notarize a", 3)));
        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("notarize b", 3)));
        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("finalize a", 3)));
        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("finalize a", 4)));
        Assert.Equal(GuardVerdict.Admitted, reopened.Admit(Parse("notarize a", 9)));
    }

    // The turn was cut off between guard and log: the vote was never signed, and its certificate is gone too.
    [Fact]
    public void A_finalize_of_a_turn_that_neither_log_nor_copy_has_is_forgotten_and_nothing_else_of_it()
    {
        using (VoteGuard guard = Fresh())
        {
            Say(guard, Parse("finalize a", 2));
            guard.Admit(Parse("finalize a", 3), Parse("notarize b", 4));
            guard.Stage(LogEnd, new byte[99]);
            guard.File.Sync();
        }

        _disk.Rot(VoteGuard.FileName, _disk.BytesOf(VoteGuard.FileName).Length - 1);
        using VoteGuard reopened = Reopen(LogEnd);

        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("nullify", 2)));
        Assert.Equal(GuardVerdict.Admitted, reopened.Admit(Parse("nullify", 3)));
        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("notarize a", 4)));
    }

    [Fact]
    public void A_finalize_without_a_copy_was_written_after_the_log_and_is_kept()
    {
        using (VoteGuard guard = Fresh())
        {
            guard.Admit(Parse("finalize a", 3));
            guard.Stage(LogEnd);
        }

        using VoteGuard reopened = Reopen(LogEnd);

        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("nullify", 3)));
    }

    [Fact]
    public void A_finalize_of_a_turn_that_the_log_got_is_kept()
    {
        using (VoteGuard guard = Fresh())
        {
            guard.Admit(Parse("finalize a", 3));
            guard.Stage(WalPosition.Start);
        }

        using VoteGuard reopened = Reopen(LogEnd);

        Assert.Equal(GuardVerdict.Contradiction, reopened.Admit(Parse("nullify", 3)));
    }

    [Fact]
    public void A_guard_that_is_older_than_the_log_has_lost_its_memory()
    {
        Fresh().Dispose();
        using VoteGuard guard = VoteGuard.Open(_disk, ClusterId);

        guard.Confirm([Parse("notarize a", 1) with { Epoch = new Epoch(6) }], WalPosition.Start);

        Assert.Null(guard.Durable);
        Assert.Equal(GuardVerdict.NotVoting, guard.Admit(Parse("notarize a", 3)));
    }

    [Fact]
    public void After_a_failed_sync_nothing_is_admitted_or_signed()
    {
        using VoteGuard guard = Fresh();
        Say(guard, Parse("notarize a", 3));
        guard.Admit(Parse("nullify", 3));
        guard.Stage(WalPosition.Start);
        _disk.Plan = (operation, _) => operation == DiskOperation.Sync ? DiskFault.Error : DiskFault.None;

        Assert.Throws<IOException>(guard.File.Sync);

        Assert.False(guard.MaySign(Parse("notarize a", 3)));
        Assert.Equal(GuardVerdict.NotVoting, guard.Admit(Parse("notarize a", 4)));
        Assert.Throws<IOException>(() => guard.Stage(WalPosition.Start));
    }

    [Fact]
    public void After_rot_of_any_byte_of_the_newest_slot_the_one_before_counts_and_the_loss_is_told()
    {
        using (VoteGuard guard = Fresh())
        {
            Say(guard, Parse("notarize a", 3));
            Say(guard, Parse("nullify", 3));
        }

        for (int offset = 0; offset < GuardSlot.SizeBytes; offset += 13)
        {
            FaultyDisk disk = _disk.Copy(1);
            disk.Rot(VoteGuard.FileName, GuardSlot.OffsetOf(4) + offset);

            using VoteGuard reopened = VoteGuard.Open(disk, ClusterId);

            Assert.True(reopened.HasLostSlot);
            Assert.Equal(3UL, reopened.Durable!.Sequence);
        }
    }

    [Fact]
    public void After_a_power_cut_at_any_operation_and_any_torn_slot_no_signed_statement_is_contradicted()
    {
        FaultyDisk whole = new(1);
        RunScript(whole, []);
        int points = whole.ChangeCount;

        for (int point = 0; point <= points; point++)
        {
            for (int scramble = 0; scramble < 40; scramble++)
            {
                FaultyDisk disk = new((point * 100) + scramble) { CutAt = point };
                List<Statement> signed = [];
                try
                {
                    RunScript(disk, signed);
                }
                catch (PowerCutException)
                {
                }

                long units = scramble * 211L;
                Action cut = scramble % 2 == 0 ? disk.Cut : () => disk.Cut(units);
                cut();
                CheckSigned(disk, signed, $"point {point} scramble {scramble}");
            }
        }
    }

    [Fact]
    public void What_a_killed_process_left_in_the_page_cache_is_durable_before_it_is_signed()
    {
        using VoteGuard guard = Fresh();
        Say(guard, Parse("notarize a", 3));
        guard.Admit(Parse("nullify", 3));
        guard.Stage(WalPosition.Start);
        _disk.Kill();
        using VoteGuard reopened = Reopen();
        bool isSigned = reopened.MaySign(Parse("nullify", 3));

        _disk.Cut(0);
        using VoteGuard afterCut = Reopen();

        Assert.True(isSigned);
        Assert.Equal(GuardVerdict.Contradiction, afterCut.Admit(Parse("finalize a", 3)));
    }

    [Fact]
    public void A_power_cut_while_a_killed_process_comes_back_does_not_lose_the_memory()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            FaultyDisk disk = new(seed);
            VoteGuard guard = VoteGuard.Create(disk, ClusterId, new Epoch(5), 2);
            Say(guard, Parse("notarize a", 3));
            guard.Admit(Parse("nullify", 3));
            guard.Stage(WalPosition.Start);
            disk.Kill();
            disk.CutAt = disk.ChangeCount + (seed % 4);
            try
            {
                var back = VoteGuard.Open(disk, ClusterId);
                back.Confirm([], WalPosition.Start);
            }
            catch (PowerCutException)
            {
            }

            disk.Cut();
            using var again = VoteGuard.Open(disk, ClusterId);
            again.Confirm([], WalPosition.Start);

            Assert.True(again.Admit(Parse("notarize a", 3)) == GuardVerdict.Known, $"seed {seed}");
        }
    }

    private static void RunScript(FaultyDisk disk, List<Statement> signed)
    {
        using VoteGuard guard = VoteGuard.Create(disk, ClusterId, new Epoch(5), 2);
        foreach (string said in (string[])["propose a", "notarize a", "nullify"])
        {
            Sign(guard, Parse(said, 1), signed);
        }

        Sign(guard, Parse("notarize b", 2), signed);
        Sign(guard, Parse("finalize b", 2), signed);
        Begin(guard, 6, 2);
        Sign(guard, Parse("notarize a", 2) with { Epoch = new Epoch(6) }, signed);
    }

    private static void Sign(VoteGuard guard, Statement statement, List<Statement> signed)
    {
        Say(guard, statement);
        if (guard.MaySign(statement))
        {
            signed.Add(statement);
        }
    }

    private static void CheckSigned(FaultyDisk disk, List<Statement> signed, string what)
    {
        using VoteGuard guard = VoteGuard.Open(disk, ClusterId);
        guard.Confirm([], LogEnd);
        if (guard.Durable is null)
        {
            Assert.True(signed.Count == 0, $"{what}: the guard is lost");
        }

        foreach (Statement statement in signed)
        {
            GuardVerdict verdict = guard.Admit(statement);
            bool isOver = statement.Epoch < guard.Durable!.Epoch && verdict == GuardVerdict.OtherEpoch;
            Assert.True(verdict == GuardVerdict.Known || isOver, $"{what}: {statement} is {verdict}");
        }
    }

    private void Lose(string why)
    {
        switch (why)
        {
            case "missing":
                _disk.Lose(VoteGuard.FileName);
                break;
            case "both slots bad":
                _disk.Rot(VoteGuard.FileName, 100);
                _disk.Rot(VoteGuard.FileName, GuardSlot.SizeBytes + 100);
                break;
        }
    }

    private VoteGuard Fresh() => VoteGuard.Create(_disk, ClusterId, new Epoch(5), 2);

    private VoteGuard Reopen() => Reopen(LogEnd);

    private VoteGuard Reopen(WalPosition logEnd)
    {
        var guard = VoteGuard.Open(_disk, ClusterId);
        guard.Confirm([], logEnd);
        return guard;
    }

    private static bool Begin(VoteGuard guard, ulong epoch, uint incarnation) =>
        guard.TryBeginEpoch(ClusterId, new Epoch(epoch), incarnation, WalPosition.Start, default);
}
