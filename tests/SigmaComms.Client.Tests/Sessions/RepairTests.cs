using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Sessions;

/// <summary>Whatever is lost, damaged or forgotten: a conversation goes on, and everything comes once.</summary>
public sealed class RepairTests(ITestOutputHelper output) : IDisposable
{
    private readonly ConversationPair _pair = new(5);

    private ConversationSide Alpha => _pair.Alpha;

    private ConversationSide Beta => _pair.Beta;

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(10)]
    public void A_message_that_a_node_damages_arrives_within_seconds_once_and_in_order(int damaged)
    {
        _pair.Begin();
        int count = 0;
        _pair.Keeps = (to, blob) => to == Beta && ++count == damaged ? Damage(blob) : blob;
        string[] texts = [.. Enumerable.Range(1, 10).Select(i => $"m{i}")];
        foreach (string text in texts)
        {
            _pair.Send(Alpha, text);
        }

        TimeSpan took = _pair.Settle(TimeSpan.FromMinutes(5));

        output.WriteLine($"repaired after {took}");
        Assert.Equal(["first", .. texts], Texts(Beta));
        Assert.Equal(0, Alpha.Conversation.Outbox.Count);
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Empty(Beta.Losses);
    }

    [Fact]
    public void The_last_message_lost_without_a_trace_arrives_after_an_hour()
    {
        _pair.Begin();
        bool isFirst = true;
        _pair.Keeps = (to, blob) =>
        {
            bool keeps = to != Beta || !isFirst;
            isFirst &= keeps;
            return keeps ? blob : null;
        };
        _pair.Send(Alpha, "lost");

        TimeSpan took = _pair.Settle(TimeSpan.FromHours(3));

        Assert.Equal(["first", "lost"], Texts(Beta));
        Assert.InRange(took, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public void All_messages_that_a_cluster_lost_arrive_once_one_of_them_gets_through()
    {
        _pair.Begin();
        _pair.Keeps = static (_, _) => null;
        string[] texts = [.. Enumerable.Range(1, 100).Select(i => $"m{i}")];
        foreach (string text in texts)
        {
            _pair.Send(Alpha, text);
        }

        _pair.Exchange();
        _pair.Keeps = static (_, blob) => blob;
        TimeSpan took = _pair.Settle(TimeSpan.FromHours(3));

        Assert.Equal(["first", .. texts], Texts(Beta));
        Assert.InRange(took, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(62));
        Assert.InRange(_pair.Deposits[Alpha], 200, 210);
    }

    [Fact]
    public void A_message_whose_key_was_discarded_meanwhile_is_sealed_anew()
    {
        _pair.Begin();
        _pair.Keeps = (to, blob) => to == Beta ? null : blob;
        string[] texts = [.. Enumerable.Range(0, SessionLimits.SkippedKeysMax + 10).Select(i => $"{i}")];
        foreach (string text in texts)
        {
            _pair.Send(Alpha, text);
        }

        OutboxEntry entry = Alpha.Conversation.Outbox.Entries.First();
        (Digest16 Id, byte[] Blob) late = (entry.Ciphertext.DepositId, entry.Ciphertext.Bytes.ToArray());
        _pair.Exchange();
        _pair.Keeps = static (_, blob) => blob;
        _pair.Send(Alpha, "last");
        _pair.Exchange();
        ReceiveStatus status = Beta.Receive(late, _pair.Now);
        Beta.Commit();
        TimeSpan took = _pair.Settle(TimeSpan.FromMinutes(10));

        output.WriteLine($"repaired after {took}");
        Assert.Equal(ReceiveStatus.Dropped, status);
        Assert.Equal(["first", .. texts, "last"], Texts(Beta));
        Assert.Equal(0, Alpha.Conversation.Outbox.Count);
    }

    [Fact]
    public void A_bundle_that_a_node_gives_twice_delays_a_conversation_and_does_not_end_it()
    {
        PrekeyBundle used = Beta.Publish(_pair.Now, lastResort: false);
        Beta.Prekeys.Apply(new DecryptResult(
            DecryptStatus.Ok, ConsumedOneTimePrekey: used.OneTimePrekeyId, ConsumedKemPrekey: used.KemPrekeyId));
        bool isFirst = true;
        _pair.Bundles = side =>
        {
            bool gives = isFirst && side == Beta;
            isFirst &= !gives;
            return gives ? used : side.Publish(_pair.Now, lastResort: false);
        };
        _pair.Send(Alpha, "m1");
        _pair.Send(Alpha, "m2");

        TimeSpan took = _pair.Settle(TimeSpan.FromMinutes(10));

        output.WriteLine($"repaired after {took}");
        Assert.Equal(["m1", "m2"], Texts(Beta));
        Assert.True(took < TimeSpan.FromMinutes(1), $"it took {took}");
    }

    [Fact]
    public void Used_bundles_on_both_sides_at_once_do_not_end_a_conversation_either()
    {
        PrekeyBundle ofAlpha = Alpha.Publish(_pair.Now, lastResort: false);
        PrekeyBundle ofBeta = Beta.Publish(_pair.Now, lastResort: false);
        Forget(Alpha, ofAlpha);
        Forget(Beta, ofBeta);
        var given = new HashSet<ConversationSide>();
        _pair.Bundles = side => given.Add(side)
            ? side == Alpha ? ofAlpha : ofBeta
            : side.Publish(_pair.Now, lastResort: false);
        _pair.Send(Alpha, "to beta");
        _pair.Send(Beta, "to alpha");

        TimeSpan took = _pair.Settle(TimeSpan.FromHours(2));

        output.WriteLine($"repaired after {took}");
        Assert.Equal(["to beta"], Texts(Beta));
        Assert.Equal(["to alpha"], Texts(Alpha));
        Assert.True(took < TimeSpan.FromMinutes(5), $"it took {took}");
    }

    [Fact]
    public void A_side_that_lost_its_journal_gets_what_waits_says_what_it_has_to_say_and_both_users_are_told()
    {
        _pair.Begin();
        for (int i = 0; i < 30; i++)
        {
            _pair.Send(Alpha, $"a{i}");
            _pair.Send(Beta, $"b{i}");
            _pair.Settle(TimeSpan.FromMinutes(1));
        }

        int before = Alpha.Application.Count;
        Beta.LoseJournal();
        Beta.Application.Clear();
        _pair.Send(Alpha, "to who forgot");
        TimeSpan took = _pair.Settle(TimeSpan.FromMinutes(10));
        for (int i = 0; i < 50; i++)
        {
            _pair.Send(Beta, $"new {i}");
            _pair.Settle(TimeSpan.FromMinutes(1));
        }

        output.WriteLine($"repaired after {took}");
        Assert.Equal(["to who forgot"], Texts(Beta));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"new {i}"), Texts(Alpha).Skip(before));
        Assert.Equal([HistoryLoss.Own], Beta.Losses);
        Assert.Equal([HistoryLoss.Peer], Alpha.Losses);
        Assert.True(took < TimeSpan.FromMinutes(1), $"it took {took}");
    }

    [Fact]
    public void A_side_that_lost_its_journal_and_speaks_first_is_heard()
    {
        _pair.Begin();
        _pair.Send(Beta, "of the old life, under way");
        Beta.LoseJournal();

        _pair.Send(Beta, "of the new life");
        _pair.Settle(TimeSpan.FromMinutes(10));

        Assert.Equal(["first back", "of the new life"], Texts(Alpha));
        Assert.Equal([HistoryLoss.Peer], Alpha.Losses);
    }

    [Fact]
    public void A_late_message_of_a_lost_life_comes_once()
    {
        _pair.Begin();
        _pair.Send(Beta, "late");
        OutboxEntry entry = Beta.Conversation.Outbox.Entries.Single();
        (Digest16 Id, byte[] Blob) late = (entry.Ciphertext.DepositId, entry.Ciphertext.Bytes.ToArray());
        Beta.LoseJournal();
        _pair.Send(Beta, "new");
        _pair.Settle(TimeSpan.FromMinutes(10));

        Alpha.Mailbox.Add(late);
        _pair.Exchange();
        _pair.Send(Beta, "newer");
        _pair.Settle(TimeSpan.FromMinutes(10));

        Assert.Equal(["first back", "new", "late", "newer"], Texts(Alpha));
    }

    [Fact]
    public void A_disk_that_was_put_back_is_noticed_and_told()
    {
        _pair.Begin();
        int commits = Alpha.Commits;
        for (int i = 0; i < 5; i++)
        {
            _pair.Send(Alpha, $"a{i}");
            _pair.Settle(TimeSpan.FromMinutes(1));
        }

        Alpha.PutBack(commits);
        _pair.Send(Beta, "are you there?");
        _pair.Settle(TimeSpan.FromHours(2));

        Assert.Contains(HistoryLoss.RolledBack, Alpha.Losses);
        Assert.Contains("are you there?", Texts(Alpha));
    }

    [Fact]
    public void A_flood_of_ten_thousand_old_ciphertexts_causes_a_few_receipts_and_nothing_else()
    {
        _pair.Begin();
        for (int i = 0; i < 100; i++)
        {
            _pair.Send(Alpha, $"{i}");
            _pair.Settle(TimeSpan.FromMinutes(1));
        }

        (Digest16 Id, byte[] Blob)[] old =
            [.. _pair.Seen.Where(seen => seen.To == Beta).Select(seen => (seen.Id, seen.Blob))];
        int before = _pair.Deposits[Beta];
        int sealedBefore = _pair.Deposits[Alpha];
        for (int i = 0; i < 10_000; i++)
        {
            Beta.Receive((_pair.NewId(), old[i % old.Length].Blob), _pair.Now);
            Beta.Commit();
            _pair.Now += TimeSpan.FromMilliseconds(60);
            _pair.Settle(TimeSpan.Zero);
        }

        output.WriteLine($"{_pair.Deposits[Beta] - before} receipts in ten minutes, {Beta.Fetches} bundles");
        Assert.InRange(_pair.Deposits[Beta] - before, 1, 10);
        Assert.InRange(_pair.Deposits[Alpha] - sealedBefore, 0, 10);
        Assert.InRange(Beta.Fetches, 0, 4);
        Assert.Equal(101, Beta.Application.Count);
        Assert.Equal(0, Beta.Repeats);
    }

    [Fact]
    public void A_flood_of_garbage_in_the_name_of_somebody_costs_few_bundles_and_few_receipts()
    {
        var random = new SeededRandom(77);
        output.WriteLine($"seed {random.Seed}");
        for (int i = 0; i < 10_000; i++)
        {
            Beta.Receive((_pair.NewId(), random.Bytes(300)), _pair.Now);
            Beta.Commit();
            _pair.Now += TimeSpan.FromMilliseconds(60);
            _pair.Settle(TimeSpan.Zero);
        }

        output.WriteLine($"{_pair.Deposits.GetValueOrDefault(Beta)} receipts, {Beta.Fetches} bundles");
        Assert.InRange(_pair.Deposits.GetValueOrDefault(Beta), 1, 10);
        Assert.InRange(Beta.Fetches, 1, 5);
        Assert.Equal(10_000, Beta.Conversation.Dropped);
    }

    [Fact]
    public void A_lost_receipt_is_sent_again_when_the_message_is()
    {
        _pair.Begin();
        bool isFirst = true;
        _pair.Keeps = (to, blob) =>
        {
            bool keeps = to != Alpha || !isFirst;
            isFirst &= keeps;
            return keeps ? blob : null;
        };
        Digest16 id = _pair.Send(Alpha, "arrives");

        _pair.Settle(TimeSpan.FromHours(3));

        Assert.Equal(["first", "arrives"], Texts(Beta));
        Assert.Contains(id, Alpha.Delivered);
    }

    [Fact]
    public void Messages_with_a_gap_before_them_fill_only_their_own_share_and_are_asked_for_again()
    {
        _pair.Begin();
        bool isFirst = true;
        _pair.Keeps = (to, blob) =>
        {
            bool keeps = to != Beta || !isFirst;
            isFirst &= keeps;
            return keeps ? blob : null;
        };
        string[] texts = [.. Enumerable.Range(0, Inbox.HeldMax + 200).Select(i => $"{i}")];
        foreach (string text in texts)
        {
            _pair.Send(Alpha, text);
        }

        _pair.Exchange();
        int waiting = Beta.Mailbox.Count;
        int held = Beta.Conversation.Inbox.Held;
        _pair.Settle(TimeSpan.FromMinutes(10));

        Assert.Equal((0, Inbox.HeldMax), (waiting, held));
        Assert.Equal(["first", .. texts], Texts(Beta));
    }

    private static string[] Texts(ConversationSide side) => [.. side.Application.Select(item => item.Text)];

    private static void Forget(ConversationSide side, PrekeyBundle bundle) =>
        side.Prekeys.Apply(new DecryptResult(
            DecryptStatus.Ok, ConsumedOneTimePrekey: bundle.OneTimePrekeyId, ConsumedKemPrekey: bundle.KemPrekeyId));

    private static byte[] Damage(byte[] blob)
    {
        byte[] damaged = [.. blob];
        damaged[^1] ^= 1;
        return damaged;
    }
}
