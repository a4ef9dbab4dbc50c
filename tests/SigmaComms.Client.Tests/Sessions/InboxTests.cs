using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class InboxTests
{
    [Fact]
    public void Messages_become_ready_in_order_without_gaps_for_every_order_of_arrival()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new SeededRandom(seed);
            ulong[] arrivals = [.. Enumerable.Range(1, 30).Select(i => (ulong)i).OrderBy(_ => random.Below(1000))];
            var inbox = new Inbox();
            var ready = new List<ulong>();

            foreach (ulong counter in arrivals)
            {
                Assert.False(inbox.IsRepeat(counter));
                ready.AddRange(inbox.Add(Item(counter)).Select(item => item.Counter));
                Assert.True(inbox.IsRepeat(counter), $"seed {seed}");
            }

            Assert.Equal(Enumerable.Range(1, 30).Select(i => (ulong)i), ready);
        }
    }

    [Fact]
    public void It_turns_away_what_waits_for_a_gap_once_too_much_does_but_takes_what_fills_it()
    {
        var inbox = new Inbox();
        for (ulong counter = 2; counter < 2 + Inbox.HeldMax; counter++)
        {
            inbox.Add(Item(counter));
        }

        Assert.True(inbox.IsNearlyFull);
        Assert.False(inbox.HasRoomFor(Inbox.HeldMax + 2));
        Assert.True(inbox.HasRoomFor(1));
        Assert.Equal(Inbox.HeldMax + 1, inbox.Add(Item(1)).Count);
        Assert.False(inbox.IsNearlyFull);
    }

    [Fact]
    public void Marking_frees_its_place()
    {
        var inbox = new Inbox();
        inbox.Add(Item(1));

        inbox.Mark(1);

        Assert.Empty(inbox.Ready);
        Assert.Equal(0, inbox.SizeBytes);
        Assert.True(inbox.IsRepeat(1));
    }

    private static InboxItem Item(ulong counter) =>
        new(new Digest16(new byte[16]), EnvelopeKind.Text, counter, 0, new byte[10]);
}
