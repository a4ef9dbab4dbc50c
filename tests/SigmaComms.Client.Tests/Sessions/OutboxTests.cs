using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class OutboxTests
{
    private const long HourMs = 60 * 60 * 1000;

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

        outbox.Accept(offered[2].Ciphertext.DepositId, 1);
        IReadOnlyList<OutboxEntry> whileOldestWaits = outbox.NextDeposits(4);
        outbox.Accept(offered[0].Ciphertext.DepositId, 1);
        IReadOnlyList<OutboxEntry> afterwards = outbox.NextDeposits(4);

        Assert.Empty(whileOldestWaits);
        Assert.Equal([5ul], afterwards.Select(entry => entry.Counter));
    }

    [Fact]
    public void A_lost_link_or_a_failure_offers_again_what_was_under_way()
    {
        Outbox outbox = Filled(3);
        IReadOnlyList<OutboxEntry> offered = outbox.NextDeposits(8);

        outbox.DepositFailed(offered[1].Ciphertext.DepositId);
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

        IReadOnlyList<Digest16> done = outbox.Acknowledge(3, 0);

        Assert.Equal(ids[..3], done);
        Assert.Equal(2, outbox.Count);
        Assert.Equal(2, outbox.Unaccepted);
    }

    [Fact]
    public void Accepting_twice_counts_once_and_an_own_receipt_is_done_when_accepted()
    {
        Outbox outbox = Filled(2);
        Digest16 receipt = Digest16.Random(_random);
        outbox.Add(new OutboxEntry(
            receipt, EnvelopeKind.Receipt, 0, 0, default, new Ciphertext(receipt, 0, 0, new byte[5])));
        Digest16 first = outbox.Entries.First().Ciphertext.DepositId;

        Digest16? once = outbox.Accept(first, 1);
        Digest16? twice = outbox.Accept(first, 2);
        outbox.Accept(receipt, 3);

        Assert.Equal(outbox.Entries.First().Id, once);
        Assert.Null(twice);
        Assert.Null(outbox.Receipt);
        Assert.Equal(1, outbox.Unaccepted);
    }

    [Fact]
    public void Of_what_nobody_confirmed_the_oldest_is_sealed_again_after_an_hour_then_seldomer()
    {
        Outbox outbox = Accepted(2);

        IReadOnlyList<OutboxEntry> early = outbox.DueAgain(HourMs - 1, 64);
        IReadOnlyList<OutboxEntry> due = outbox.DueAgain(HourMs, 64);
        Again(outbox, due[0], HourMs);
        IReadOnlyList<OutboxEntry> soonAfter = outbox.DueAgain((3 * HourMs) - 1, 64);
        IReadOnlyList<OutboxEntry> later = outbox.DueAgain(3 * HourMs, 64);

        Assert.Empty(early);
        Assert.Equal([1ul], due.Select(entry => entry.Counter));
        Assert.Empty(soonAfter);
        Assert.Equal([1ul], later.Select(entry => entry.Counter));
    }

    [Fact]
    public void What_the_peer_reports_missing_is_sealed_again_and_what_it_has_is_not()
    {
        Outbox outbox = Accepted(6);

        outbox.NoteReport(new ReceiptReport(false, [new CounterRun(2, 2), new CounterRun(4, 5)]), 100);
        IReadOnlyList<OutboxEntry> due = outbox.DueAgain(60_000, 64);
        outbox.NoteReport(new ReceiptReport(true, [new CounterRun(2, 5)]), 200);
        IReadOnlyList<OutboxEntry> dueAsked = outbox.DueAgain(60_000, 64);

        Assert.Equal([1ul, 3], due.Select(entry => entry.Counter));
        Assert.Equal([1ul, 6], dueAsked.Select(entry => entry.Counter));
    }

    [Fact]
    public void A_peer_that_asks_over_and_over_gets_each_message_seldomer_each_time_down_to_once_an_hour()
    {
        Outbox outbox = Accepted(1);
        var times = new List<long>();

        for (long now = 0; now < 12 * HourMs; now += 500)
        {
            outbox.NoteReport(new ReceiptReport(true, []), now);
            foreach (OutboxEntry entry in outbox.DueAgain(now, 64))
            {
                times.Add(now);
                Again(outbox, entry, now);
            }
        }

        Assert.InRange(times.Count, 10, 22);
        Assert.True(times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First >= Outbox.ResendPauseFirstMs));
        Assert.True(times[^1] - times[^2] >= Outbox.ResendPauseLastMs);
    }

    [Fact]
    public void What_was_deposited_before_a_message_that_arrived_later_is_sealed_again()
    {
        Outbox outbox = Accepted(3);
        Again(outbox, outbox.DueAgain(HourMs, 64)[0], HourMs);

        outbox.Acknowledge(1, HourMs + 1_000);
        IReadOnlyList<OutboxEntry> due = outbox.DueAgain(HourMs + 1_000 + Outbox.ResendGraceMs, 64);

        Assert.Equal([2ul, 3], due.Select(entry => entry.Counter));
    }

    [Fact]
    public void Once_sealed_again_only_the_new_bytes_count()
    {
        Outbox outbox = Accepted(1);
        OutboxEntry entry = outbox.Entries.First();
        Digest16 old = entry.Ciphertext.DepositId;
        var newest = new Ciphertext(Digest16.Random(_random), 1, HourMs, new byte[20]);

        outbox.Replace(entry.Id, newest);
        IReadOnlyList<OutboxEntry> offered = outbox.NextDeposits(8);
        Digest16? late = outbox.Accept(old, HourMs);

        Assert.Same(newest, Assert.Single(offered).Ciphertext);
        Assert.Null(late);
        Assert.Equal((1, 20L), (outbox.Unaccepted, outbox.SizeBytes));
        Assert.Equal([entry.Id], outbox.Acknowledge(1, HourMs));
        Assert.Equal((0, 0L), (outbox.Unaccepted, outbox.SizeBytes));
    }

    [Fact]
    public void It_is_full_at_its_limit_of_bytes()
    {
        var outbox = new Outbox();
        byte[] large = new byte[64 * 1024];

        while (!outbox.IsFull)
        {
            outbox.Add(Entry(outbox.NextCounter, large));
        }

        Assert.Equal(Outbox.BytesMax, outbox.SizeBytes);
    }

    private Outbox Filled(int count)
    {
        var outbox = new Outbox();
        for (int i = 0; i < count; i++)
        {
            outbox.Add(Entry(outbox.NextCounter, new byte[10]));
        }

        return outbox;
    }

    private Outbox Accepted(int count)
    {
        Outbox outbox = Filled(count);
        foreach (OutboxEntry entry in outbox.NextDeposits(64))
        {
            outbox.Accept(entry.Ciphertext.DepositId, 0);
        }

        return outbox;
    }

    private OutboxEntry Entry(ulong counter, byte[] bytes)
    {
        var id = Digest16.Random(_random);
        return new OutboxEntry(id, EnvelopeKind.Text, counter, 0, default, new Ciphertext(id, 0, 0, bytes));
    }

    private void Again(Outbox outbox, OutboxEntry entry, long now)
    {
        int attempt = entry.Ciphertext.Attempt + 1;
        outbox.Replace(entry.Id, new Ciphertext(Digest16.Random(_random), attempt, now, new byte[10]));
        outbox.Accept(entry.Ciphertext.DepositId, now);
    }
}
