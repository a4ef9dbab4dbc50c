using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class OutboxTests
{
    private readonly SeededRandom _random = new(3);

    [Fact]
    public void Deposits_are_offered_in_order_within_the_window_and_once()
    {
        Outbox outbox = Filled(10);

        IReadOnlyList<OutboxEntry> first = outbox.NextDeposits(4);
        IReadOnlyList<OutboxEntry> second = outbox.NextDeposits(4);

        Assert.Equal([1ul, 2, 3, 4], first.Select(entry => entry.Counter));
        Assert.Empty(second);
    }

    [Fact]
    public void The_window_moves_only_with_the_oldest_message()
    {
        Outbox outbox = Filled(10);
        IReadOnlyList<OutboxEntry> offered = outbox.NextDeposits(4);

        outbox.Accept(offered[2].Id, 1);
        IReadOnlyList<OutboxEntry> whileOldestWaits = outbox.NextDeposits(4);
        outbox.Accept(offered[0].Id, 1);
        IReadOnlyList<OutboxEntry> afterwards = outbox.NextDeposits(4);

        Assert.Empty(whileOldestWaits);
        Assert.Equal([5ul], afterwards.Select(entry => entry.Counter));
    }

    [Fact]
    public void A_lost_link_or_a_failure_offers_again_what_was_under_way()
    {
        Outbox outbox = Filled(3);
        IReadOnlyList<OutboxEntry> offered = outbox.NextDeposits(8);

        outbox.DepositFailed(offered[1].Id);
        IReadOnlyList<OutboxEntry> afterFailure = outbox.NextDeposits(8);
        outbox.LinkLost();
        IReadOnlyList<OutboxEntry> afterLoss = outbox.NextDeposits(8);

        Assert.Equal([2ul], afterFailure.Select(entry => entry.Counter));
        Assert.Equal([1ul, 2, 3], afterLoss.Select(entry => entry.Counter));
    }

    [Fact]
    public void A_receipt_of_the_peer_clears_everything_up_to_it()
    {
        Outbox outbox = Filled(5);
        Digest16[] ids = [.. outbox.Entries.Select(entry => entry.Id)];

        IReadOnlyList<Digest16> done = outbox.Acknowledge(3);

        Assert.Equal(ids[..3], done);
        Assert.Equal(2, outbox.Count);
        Assert.Equal(2, outbox.Unaccepted);
    }

    [Fact]
    public void Accepting_twice_counts_once_and_an_own_receipt_is_done_when_accepted()
    {
        Outbox outbox = Filled(2);
        Digest16 receipt = Digest16.Random(_random);
        outbox.Add(new OutboxEntry(receipt, EnvelopeKind.Receipt, 0, new byte[5]));
        Digest16 first = outbox.Entries.First().Id;

        bool once = outbox.Accept(first, 1);
        bool twice = outbox.Accept(first, 2);
        outbox.Accept(receipt, 3);

        Assert.True(once);
        Assert.False(twice);
        Assert.Null(outbox.Receipt);
        Assert.Equal(1, outbox.Unaccepted);
    }

    [Fact]
    public void A_message_that_nobody_confirmed_for_long_is_offered_again()
    {
        Outbox outbox = Filled(2);
        foreach (OutboxEntry entry in outbox.NextDeposits(8))
        {
            outbox.Accept(entry.Id, 1_000 * (long)entry.Counter);
        }

        outbox.Reopen(1_500);
        IReadOnlyList<OutboxEntry> again = outbox.NextDeposits(8);

        Assert.Equal([1ul], again.Select(entry => entry.Counter));
        Assert.Equal(1, outbox.Unaccepted);
    }

    [Fact]
    public void It_is_full_at_its_limit_of_bytes()
    {
        var outbox = new Outbox();
        byte[] large = new byte[64 * 1024];

        while (!outbox.IsFull)
        {
            outbox.Add(new OutboxEntry(Digest16.Random(_random), EnvelopeKind.Text, outbox.NextCounter, large));
        }

        Assert.Equal(Outbox.BytesMax, outbox.SizeBytes);
    }

    private Outbox Filled(int count)
    {
        var outbox = new Outbox();
        for (int i = 0; i < count; i++)
        {
            outbox.Add(new OutboxEntry(Digest16.Random(_random), EnvelopeKind.Text, outbox.NextCounter, new byte[10]));
        }

        return outbox;
    }
}
