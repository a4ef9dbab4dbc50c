using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class InboxTests
{
    private const ulong Stream = 77;

    [Fact]
    public void Messages_become_ready_in_order_without_gaps_for_every_order_of_arrival()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new SeededRandom(seed);
            ulong[] arrivals = [.. Enumerable.Range(1, 30).Select(i => (ulong)i).OrderBy(_ => random.Below(1000))];
            Inbox inbox = Begun();
            var ready = new List<ulong>();

            foreach (ulong counter in arrivals)
            {
                Assert.False(inbox.IsRepeat(Stream, counter));
                ready.AddRange(inbox.Add(Stream, Item(counter)).Select(item => item.Counter));
                Assert.True(inbox.IsRepeat(Stream, counter), $"seed {seed}");
            }

            Assert.Equal(Enumerable.Range(1, 30).Select(i => (ulong)i), ready);
        }
    }

    [Fact]
    public void Once_too_much_waits_for_a_gap_only_what_fills_it_is_taken()
    {
        Inbox inbox = Begun();
        for (ulong counter = 2; counter < 2 + Inbox.HeldMax; counter++)
        {
            inbox.Add(Stream, Item(counter));
        }

        Assert.False(inbox.MayHold(Stream, Inbox.HeldMax + 2));
        Assert.True(inbox.MayHold(Stream, 1));
        Assert.Equal(Inbox.HeldMax + 1, inbox.Add(Stream, Item(1)).Count);
        Assert.True(inbox.MayHold(Stream, Inbox.HeldMax + 3));
    }

    [Fact]
    public void Marking_frees_its_place()
    {
        Inbox inbox = Begun();
        inbox.Add(Stream, Item(1));

        inbox.Mark(1);

        Assert.Empty(inbox.Ready);
        Assert.Equal(0, inbox.SizeBytes);
        Assert.True(inbox.IsRepeat(Stream, 1));
    }

    [Fact]
    public void What_is_held_is_told_in_runs_and_no_more_than_a_report_can_tell()
    {
        Inbox inbox = Begun();
        foreach (ulong counter in new ulong[] { 3, 4, 7 })
        {
            inbox.Add(Stream, Item(counter));
        }

        IReadOnlyList<CounterRun> few = inbox.HeldRuns;
        for (ulong counter = 9; counter < 9 + 400; counter += 2)
        {
            inbox.Add(Stream, Item(counter));
        }

        Assert.Equal([new CounterRun(3, 4), new CounterRun(7, 7)], few);
        Assert.Equal(ReceiptReport.RunsMax, inbox.HeldRuns.Count);
    }

    [Fact]
    public void A_new_stream_starts_at_its_floor_and_what_was_held_of_the_old_one_becomes_ready_in_order()
    {
        Inbox inbox = Begun();
        inbox.Add(Stream, Item(1));
        inbox.Add(Stream, Item(3));
        inbox.Add(Stream, Item(5));

        IReadOnlyList<InboxItem> ready = inbox.Begin(Stream + 1, 10);
        IReadOnlyList<InboxItem> next = inbox.Add(Stream + 1, Item(10));

        Assert.Equal([(3ul, 2ul), (5ul, 3ul)], ready.Select(item => (item.Counter, item.Place)));
        Assert.Equal([(10ul, 4ul)], next.Select(item => (item.Counter, item.Place)));
    }

    [Fact]
    public void Late_messages_of_a_stream_that_was_given_up_come_once_and_in_order()
    {
        Inbox inbox = Begun();
        inbox.Add(Stream, Item(1));
        inbox.Begin(Stream + 1, 1);

        IReadOnlyList<InboxItem> late = inbox.Add(Stream, Item(4));

        Assert.Equal(4ul, Assert.Single(late).Counter);
        Assert.True(inbox.IsRepeat(Stream, 4));
        Assert.True(inbox.IsRepeat(Stream, 3));
        Assert.False(inbox.IsRepeat(Stream, 5));
        Assert.False(inbox.IsRepeat(Stream + 1, 1));
    }

    [Fact]
    public void What_never_comes_is_skipped_and_what_waited_for_it_becomes_ready()
    {
        Inbox inbox = Begun();
        inbox.Add(Stream, Item(3));
        inbox.Add(Stream, Item(6));

        IReadOnlyList<InboxItem> ready = inbox.SkipTo(5);

        Assert.Equal([3ul], ready.Select(item => item.Counter));
        Assert.Equal(5ul, inbox.NextCounter);
        Assert.Equal([5ul, 6], inbox.Add(Stream, Item(5)).Select(item => item.Counter));
    }

    private static Inbox Begun()
    {
        var inbox = new Inbox();
        inbox.Begin(Stream, 1);
        return inbox;
    }

    private static InboxItem Item(ulong counter) =>
        new(new Digest16(new byte[16]), EnvelopeKind.Text, counter, 0, new byte[10]);
}
