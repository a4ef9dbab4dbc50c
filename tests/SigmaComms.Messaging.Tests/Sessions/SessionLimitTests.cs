using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class SessionLimitTests
{
    [Fact]
    public void Of_2100_skipped_messages_the_newest_2000_open_and_older_keys_are_said_to_be_discarded()
    {
        (TestParty a, TestParty b) = TestParty.Established(301);
        byte[][] skipped = [.. Enumerable.Range(0, 2_100).Select(i => a.Seal($"{i}"))];

        b.MustOpen(a.Seal("last"), "last");

        Assert.Equal(SessionLimits.SkippedKeysMax, b.Sessions.Current!.SkippedCount);
        b.MustRefuse(skipped[0], DecryptStatus.KeyDiscarded);
        b.MustRefuse(skipped[99], DecryptStatus.KeyDiscarded);
        b.MustOpen(skipped[100], "100");
        b.MustOpen(skipped[2_099], "2099");
        b.MustRefuse(skipped[100], DecryptStatus.Duplicate);
    }

    [Fact]
    public void A_full_store_of_skipped_keys_lets_the_oldest_go_when_more_are_skipped()
    {
        (TestParty a, TestParty b) = TestParty.Established(302);
        byte[][] skipped = [.. Enumerable.Range(0, 2_000).Select(i => a.Seal($"{i}"))];
        b.MustOpen(a.Seal("2000"), "2000");
        byte[] more = a.Seal("2001");

        b.MustOpen(a.Seal("2002"), "2002");

        b.MustRefuse(skipped[0], DecryptStatus.KeyDiscarded);
        b.MustOpen(skipped[1], "1");
        b.MustOpen(more, "2001");
    }

    [Fact]
    public void A_jump_over_25000_messages_opens_and_one_more_is_too_far_ahead()
    {
        (TestParty a, TestParty b) = TestParty.Established(303);
        byte[] message = [];
        for (int i = 0; i <= SessionLimits.JumpMax; i++)
        {
            message = a.Seal("far");
        }

        byte[] farther = a.Seal("farther");

        b.MustRefuse(farther, DecryptStatus.TooFarAhead);
        b.MustOpen(message, "far");
        b.MustOpen(farther, "farther");
    }

    [Fact]
    public void A_message_100000_ahead_is_refused_in_the_same_chain_and_across_a_turn()
    {
        (TestParty a, TestParty b) = TestParty.Established(304);
        byte[] reply = b.Seal("turn");
        byte[] message = [];
        for (int i = 0; i < 100_000; i++)
        {
            message = a.Seal("far");
        }

        a.MustOpen(reply, "turn");
        byte[] nextTurn = a.Seal("the chain before was 100,000 long");

        b.MustRefuse(message, DecryptStatus.TooFarAhead);
        b.MustRefuse(nextTurn, DecryptStatus.TooFarAhead);
    }

    [Fact]
    public void A_late_message_opens_however_many_turns_have_passed_while_few_are_missing()
    {
        (TestParty a, TestParty b) = TestParty.Established(305);

        byte[] late = SkipOneAndTakeTurns(a, b, turns: 500);

        b.MustOpen(late, "late");
        TakeTurns(a, b, 1);
        b.MustRefuse(late, DecryptStatus.KeyDiscarded);
    }

    [Fact]
    public void Of_128_chains_with_a_missing_message_the_oldest_goes_and_the_others_open_after_a_restart()
    {
        (TestParty a, TestParty b) = TestParty.Established(309);
        byte[][] late = [.. Enumerable.Range(0, SessionLimits.WaitingChainsMax)
            .Select(_ => SkipOneAndTakeTurns(a, b, turns: 1))];

        b = b.Copy();

        b.MustRefuse(late[0], DecryptStatus.KeyDiscarded);
        Assert.All(late[SessionLimits.ReceivingChainsMax..], message => b.MustOpen(message, "late"));
    }

    [Fact]
    public void Chains_of_which_nothing_is_missing_leave_no_trace_but_their_mark()
    {
        (TestParty a, TestParty b) = TestParty.Established(310);
        TakeTurns(a, b, SessionLimits.ReceivingChainsMax + SessionLimits.RetiredChainsMax);
        int before = b.Sessions.Export().Length;

        TakeTurns(a, b, 200);

        Assert.Equal(before, b.Sessions.Export().Length);
    }

    [Fact]
    public void Messages_of_chains_too_old_to_be_remembered_are_not_authentic()
    {
        (TestParty a, TestParty b) = TestParty.Established(306);
        int remembered = SessionLimits.ReceivingChainsMax - 1 + SessionLimits.RetiredChainsMax;
        byte[] opened = a.Seal("in time");
        b.MustOpen(opened, "in time");
        TakeTurns(a, b, remembered);
        b.MustRefuse(opened, DecryptStatus.KeyDiscarded);

        TakeTurns(a, b, 1);

        b.MustRefuse(opened, DecryptStatus.NotAuthentic);
    }

    [Fact]
    public void The_41st_archived_session_pushes_the_oldest_out()
    {
        (TestParty a, TestParty b) = TestParty.Pair(307);
        PrekeyBundle bundle = b.Device.LastResortBundle(a.Now);
        var spare = new List<byte[]>();
        for (int i = 0; i < SessionLimits.ArchivedSessionsMax + 2; i++)
        {
            a.Now += TimeSpan.FromSeconds(1);
            a.Sessions.Reset();
            b.MustOpen(a.Seal($"session {i}", bundle), $"session {i}");
            spare.Add(a.Seal($"spare {i}"));
        }

        Assert.Equal(SessionLimits.ArchivedSessionsMax, b.Sessions.ArchivedCount);
        b.MustRefuse(spare[0], DecryptStatus.LastResortReplayed);
        b.MustOpen(spare[1], "spare 1");
        b.MustOpen(spare[^1], $"spare {spare.Count - 1}");
    }

    [Fact]
    public void An_unanswered_session_is_used_for_30_days_and_then_needs_a_bundle()
    {
        (TestParty a, TestParty b) = TestParty.Pair(308);
        byte[] first = a.Seal("hello", b.Device.OneTimeBundle(a.Now));
        a.Now += SessionLimits.InitSentLifetime - TimeSpan.FromMilliseconds(1);
        a.Seal("still there?");

        a.Now += TimeSpan.FromMilliseconds(1);
        EncryptResult over = a.Sessions.Encrypt("hi"u8, a.Device.Local, null, a.Now, a.Device.Random);

        Assert.Equal(EncryptStatus.NeedsBundle, over.Status);
        b.Now = a.Now;
        b.MustOpen(first, "hello");
        a.MustOpen(b.Seal("I was away"), "I was away");
        Assert.Equal(SessionPhase.Established, a.Sessions.Phase);
        a.Seal("good");
    }

    [Fact]
    public void A_turn_steps_to_a_new_epoch_at_the_20th_message_and_not_before()
    {
        (TestParty a, TestParty b) = TestParty.Established(309);
        for (int i = 0; i < SessionLimits.EpochMessages - 3; i++)
        {
            b.MustOpen(a.Seal("more"), "more");
        }

        TestParty early = b.Copy();
        early.Seal("19 messages so far");
        Assert.Equal(0u, early.Sessions.Current!.Epoch);
        b.MustOpen(a.Seal("the 20th"), "the 20th");
        b.Seal("20 messages so far");

        Assert.Equal(1u, b.Sessions.Current!.Epoch);
    }

    [Fact]
    public void A_turn_steps_to_a_new_epoch_after_60_seconds_and_not_before()
    {
        (TestParty a, TestParty b) = TestParty.Established(310);
        b.MustOpen(a.Seal("turn"), "turn");

        TestParty early = b.Copy();
        early.Now += SessionLimits.EpochAge - TimeSpan.FromMilliseconds(1);
        early.Seal("early");
        b.Now += SessionLimits.EpochAge;
        b.Seal("due");

        Assert.Equal(0u, early.Sessions.Current!.Epoch);
        Assert.Equal(1u, b.Sessions.Current!.Epoch);
    }

    [Fact]
    public void A_requested_step_is_done_by_the_peer_when_it_is_the_peers_to_do()
    {
        (TestParty a, TestParty b) = TestParty.Established(311);
        a.Sessions.RequestStep();
        b.MustOpen(a.Seal("please step"), "please step");
        a.MustOpen(b.Seal("stepped"), "stepped");
        Assert.Equal(1u, a.Sessions.Current!.Epoch);

        b.MustOpen(a.Seal("and I step too"), "and I step too");

        Assert.Equal(2u, b.Sessions.Current!.Epoch);
    }

    private static byte[] SkipOneAndTakeTurns(TestParty a, TestParty b, int turns)
    {
        a.MustOpen(b.Seal("turn"), "turn");
        byte[] late = a.Seal("late");
        b.MustOpen(a.Seal("in time"), "in time");
        TakeTurns(a, b, turns);
        return late;
    }

    private static void TakeTurns(TestParty a, TestParty b, int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            a.MustOpen(b.Seal("turn"), "turn");
            b.MustOpen(a.Seal("turn"), "turn");
        }
    }
}
