using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

public sealed class CrossingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Two_first_messages_that_cross_both_open_and_both_sides_settle_on_one_session(int secondsApart)
    {
        (TestParty a, TestParty b) = TestParty.Pair(501);
        b.Now += TimeSpan.FromSeconds(secondsApart);
        byte[] fromA = a.Seal("from a", b.Device.OneTimeBundle(a.Now));
        byte[] fromB = b.Seal("from b", a.Device.OneTimeBundle(b.Now));

        b.MustOpen(fromA, "from a");
        a.MustOpen(fromB, "from b");

        AssertConverged(a, b);
        b.MustOpen(a.Seal("next"), "next");
        a.MustOpen(b.Seal("next"), "next");
        AssertConverged(a, b);
    }

    [Fact]
    public void Sides_that_always_send_at_the_same_time_still_settle()
    {
        (TestParty a, TestParty b) = TestParty.Pair(502);
        byte[] fromA = a.Seal("0", b.Device.OneTimeBundle(a.Now));
        byte[] fromB = b.Seal("0", a.Device.OneTimeBundle(b.Now));
        for (int i = 0; i < 4; i++)
        {
            b.MustOpen(fromA, $"{i}");
            a.MustOpen(fromB, $"{i}");
            AssertConverged(a, b);
            fromA = a.Seal($"{i + 1}");
            fromB = b.Seal($"{i + 1}");
        }
    }

    [Fact]
    public void A_crossing_first_message_that_comes_after_the_answer_does_not_part_the_sides()
    {
        (TestParty a, TestParty b) = TestParty.Pair(503);
        a.Now += TimeSpan.FromSeconds(1);
        byte[] fromA = a.Seal("from a", b.Device.OneTimeBundle(a.Now));
        byte[] lateFromB = b.Seal("late", a.Device.OneTimeBundle(b.Now));

        b.MustOpen(fromA, "from a");
        a.MustOpen(b.Seal("answer in a's session"), "answer in a's session");
        a.MustOpen(lateFromB, "late");
        a.MustOpen(b.Seal("again"), "again");

        AssertConverged(a, b);
    }

    [Fact]
    public void Late_messages_of_an_archived_session_still_open()
    {
        (TestParty a, TestParty b) = TestParty.Established(504);
        byte[] late = a.Seal("late");
        a.Now += TimeSpan.FromSeconds(1);
        a.Sessions.Reset();
        b.MustOpen(a.Seal("anew", b.Device.OneTimeBundle(a.Now)), "anew");

        b.MustOpen(late, "late");

        AssertConverged(a, b);
        b.MustRefuse(late, DecryptStatus.Duplicate);
    }

    [Fact]
    public void A_side_that_lost_its_state_begins_anew_and_the_other_follows()
    {
        (TestParty a, TestParty b) = TestParty.Established(505);
        b.Sessions = DeviceSessions.New(b.Device.Local.DeviceId, a.Device.Remote);
        b.Now += TimeSpan.FromMinutes(1);
        byte[] toNoOne = a.Seal("to a lost session");
        b.MustRefuse(toNoOne, DecryptStatus.UnknownSession);

        a.MustOpen(b.Seal("anew", a.Device.OneTimeBundle(b.Now)), "anew");
        b.MustOpen(a.Seal("welcome back"), "welcome back");

        AssertConverged(a, b);
        Assert.Equal(1, a.Sessions.ArchivedCount);
    }

    [Fact]
    public void Reset_archives_the_session_and_asks_for_a_bundle()
    {
        (TestParty a, TestParty b) = TestParty.Established(506);

        a.Sessions.Reset();

        Assert.Equal(SessionPhase.None, a.Sessions.Phase);
        a.MustOpen(b.Seal("old session"), "old session");
        Assert.Equal(
            EncryptStatus.NeedsBundle,
            a.Sessions.Encrypt("x"u8, a.Device.Local, null, a.Now, a.Device.Random).Status);
    }

    internal static void AssertConverged(TestParty a, TestParty b) =>
        Assert.Equal(a.Sessions.Current!.Id.ToArray(), b.Sessions.Current!.Id.ToArray());
}
