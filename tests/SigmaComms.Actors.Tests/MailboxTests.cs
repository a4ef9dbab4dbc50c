using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class MailboxTests
{
    [Fact]
    public void Reject_refuses_what_is_above_the_bound()
    {
        Mailbox mailbox = Opened(2, Overflow.Reject);

        Assert.Equal(SendResult.Accepted, Post(mailbox, 1));
        Assert.Equal(SendResult.Accepted, Post(mailbox, 2));
        Assert.Equal(SendResult.Full, Post(mailbox, 3));

        Assert.Equal([1, 2], TakeAll(mailbox));
        Assert.Equal(1, mailbox.Dropped);
    }

    [Fact]
    public void What_the_consumer_claimed_and_did_not_handle_counts_against_the_bound()
    {
        Mailbox mailbox = Opened(4, Overflow.Reject);
        PostAll(mailbox, 1, 2, 3, 4);
        mailbox.TryTake(out _);

        Assert.Equal(3, mailbox.Backlog().Depth);
        Assert.Equal(SendResult.Accepted, Post(mailbox, 5));
        Assert.Equal(SendResult.Full, Post(mailbox, 6));

        Assert.Equal([2, 3, 4, 5], TakeAll(mailbox));
    }

    [Fact]
    public void DropNewest_keeps_the_old_ones()
    {
        Mailbox mailbox = Opened(2, Overflow.DropNewest);

        PostAll(mailbox, 1, 2);

        Assert.Equal(SendResult.Dropped, Post(mailbox, 3));
        Assert.Equal([1, 2], TakeAll(mailbox));
    }

    [Fact]
    public void DropOldest_keeps_the_new_ones_even_while_the_consumer_is_at_work()
    {
        Mailbox mailbox = Opened(3, Overflow.DropOldest);
        PostAll(mailbox, 1, 2, 3);
        mailbox.TryTake(out Envelope first);
        PostAll(mailbox, 4, 5, 6);

        Assert.Equal(1, first.Message);
        Assert.Equal([4, 5, 6], TakeAll(mailbox));
        Assert.Equal(2, mailbox.Dropped);
    }

    [Fact]
    public void DropOldest_says_which_message_had_to_go()
    {
        Mailbox mailbox = Opened(1, Overflow.DropOldest);
        Post(mailbox, 1);

        SendResult result = mailbox.Post(
            new Envelope(2, null), Admission.Ordinary, out bool _, out Envelope displaced);

        Assert.Equal(SendResult.Accepted, result);
        Assert.Equal(1, displaced.Message);
    }

    [Fact]
    public void DropOldest_never_drops_a_word_of_the_runtime()
    {
        Mailbox mailbox = Opened(2, Overflow.DropOldest);
        RuntimeNotice notice = new(RuntimeNoticeKind.Given, "notice");
        mailbox.Post(new Envelope(notice, null), Admission.Always, out bool _, out Envelope _);
        Post(mailbox, 1);

        PostAll(mailbox, 2, 3);

        Assert.Equal([notice, 3], TakeAll(mailbox));
    }

    [Fact]
    public void Words_of_the_runtime_are_never_refused_and_keep_their_place()
    {
        Mailbox mailbox = Opened(1, Overflow.Reject);
        Post(mailbox, 1);
        RuntimeNotice[] notices =
            [.. Enumerable.Range(0, 100).Select(_ => new RuntimeNotice(RuntimeNoticeKind.Given, "notice"))];

        SendResult[] results = [.. notices.Select(notice =>
            mailbox.Post(new Envelope(notice, null), Admission.Always, out bool _, out Envelope _))];

        Assert.All(results, result => Assert.Equal(SendResult.Accepted, result));
        Assert.Equal([1, .. notices], TakeAll(mailbox));
    }

    [Fact]
    public void A_flood_of_poison_pills_is_bounded_by_the_reserve()
    {
        Mailbox mailbox = Opened(1, Overflow.Reject);
        Post(mailbox, 1);

        SendResult[] results = [.. Enumerable.Range(0, 1000).Select(_ => mailbox.Post(
            new Envelope(PoisonPill.Instance, null), Admission.Reserved, out bool _, out Envelope _))];

        Assert.Equal(Mailbox.Reserve, results.Count(result => result == SendResult.Accepted));
    }

    [Fact]
    public async Task Wait_lets_the_sender_wait_until_there_is_room()
    {
        Mailbox mailbox = Opened(1, Overflow.Wait);
        Post(mailbox, 1);

        ValueTask<SendResult> waiting = Wait(mailbox, 2);
        bool before = waiting.IsCompleted;
        object[] taken = TakeAll(mailbox);

        Assert.False(before);
        Assert.Equal([1, 2], taken);
        Assert.Equal(SendResult.Accepted, await waiting);
    }

    [Fact]
    public async Task A_message_that_did_not_wait_never_overtakes_one_that_does()
    {
        Mailbox mailbox = Opened(2, Overflow.Wait);
        PostAll(mailbox, 1, 2);
        ValueTask<SendResult> waiting = Wait(mailbox, 3);
        mailbox.TryTake(out _);

        SendResult later = Post(mailbox, 4);

        Assert.Equal(SendResult.Full, later);
        Assert.Equal([2, 3], TakeAll(mailbox));
        Assert.Equal(SendResult.Accepted, await waiting);
    }

    [Fact]
    public async Task A_word_of_the_runtime_does_not_overtake_a_waiting_message()
    {
        Mailbox mailbox = Opened(1, Overflow.Wait);
        Post(mailbox, 1);
        ValueTask<SendResult> waiting = Wait(mailbox, 2);
        RuntimeNotice notice = new(RuntimeNoticeKind.Given, "notice");

        mailbox.Post(new Envelope(notice, null), Admission.Always, out bool _, out Envelope _);

        Assert.Equal([1, 2, notice], TakeAll(mailbox));
        Assert.Equal(SendResult.Accepted, await waiting);
    }

    [Fact]
    public async Task A_sender_that_gives_up_leaves_nothing_behind()
    {
        Mailbox mailbox = Opened(1, Overflow.Wait);
        Post(mailbox, 1);
        using CancellationTokenSource giveUp = new();
        ValueTask<SendResult> waiting =
            mailbox.PostOrWait(new Envelope(2, null), giveUp.Token, out bool _);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal([1], TakeAll(mailbox));
    }

    [Fact]
    public async Task The_number_of_waiting_senders_is_bounded()
    {
        Mailbox mailbox = Opened(1, Overflow.Wait);
        Post(mailbox, 0);

        ValueTask<SendResult>[] sent = [.. Enumerable.Range(1, 2000).Select(i => Wait(mailbox, i))];
        SendResult[] refused = [.. sent.Where(one => one.IsCompleted).Select(one => one.GetAwaiter().GetResult())];

        Assert.Equal(2000 - 1024, refused.Length);
        Assert.All(refused, result => Assert.Equal(SendResult.Full, result));
        Assert.Equal(1025, TakeAll(mailbox).Length);
        Assert.Equal(SendResult.Accepted, await sent[0]);
    }

    [Fact]
    public async Task Closing_gives_back_all_that_was_not_handled_and_refuses_the_rest()
    {
        Mailbox mailbox = Opened(2, Overflow.Wait);
        PostAll(mailbox, 1, 2);
        ValueTask<SendResult> waiting = Wait(mailbox, 3);

        List<Envelope> rest = mailbox.Close();

        Assert.Equal([1, 2, 3], rest.Select(envelope => envelope.Message));
        Assert.Equal(SendResult.Terminated, await waiting);
        Assert.Equal(SendResult.Terminated, Post(mailbox, 4));
        Assert.Equal(SendResult.Terminated, await Wait(mailbox, 5));
    }

    [Fact]
    public void The_first_message_wakes_and_the_next_do_not()
    {
        Mailbox mailbox = Opened(10, Overflow.Reject);

        mailbox.Post(new Envelope(1, null), Admission.Ordinary, out bool first, out Envelope _);
        mailbox.Post(new Envelope(2, null), Admission.Ordinary, out bool second, out Envelope _);
        bool system = mailbox.AppendWord(new SystemMessage(SystemMessageKind.Stop));

        Assert.True(first);
        Assert.False(second);
        Assert.False(system);
        Assert.True(mailbox.EndTurn(userOpen: true));
    }

    [Fact]
    public void A_message_to_an_actor_that_takes_none_wakes_nobody_but_a_word_of_the_runtime_does()
    {
        Mailbox mailbox = Opened(10, Overflow.Reject);
        mailbox.EndTurn(userOpen: false);

        mailbox.Post(new Envelope(1, null), Admission.Ordinary, out bool message, out Envelope _);
        bool system = mailbox.AppendWord(new SystemMessage(SystemMessageKind.Resume));

        Assert.False(message);
        Assert.True(system);
        Assert.True(mailbox.EndTurn(userOpen: false));
        Assert.Equal(SystemMessageKind.Resume, mailbox.TakeWord()?.Kind);
        Assert.False(mailbox.EndTurn(userOpen: false));
        Assert.True(mailbox.EndTurn(userOpen: true));
    }

    [Fact]
    public void The_age_of_the_oldest_message_is_measured_on_the_systems_clock()
    {
        VirtualTime time = new();
        Mailbox mailbox = new(10, Overflow.Reject, time);
        Post(mailbox, 1);
        time.Advance(TimeSpan.FromSeconds(3));
        Post(mailbox, 2);

        Assert.Equal((2, TimeSpan.FromSeconds(3)), mailbox.Backlog());
        TakeAll(mailbox);
        Assert.Equal((0, TimeSpan.Zero), mailbox.Backlog());
    }

    [Fact]
    public void Messages_put_in_front_keep_an_age_when_the_large_array_they_came_in_is_given_back()
    {
        VirtualTime time = new();
        Mailbox mailbox = new(100, Overflow.Reject, time);
        mailbox.EndTurn(userOpen: true);
        time.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < 20; i++)
        {
            mailbox.Post(new Envelope(i, null), Admission.Ordinary, out bool _, out Envelope _);
        }

        List<Envelope> taken = [];
        while (mailbox.TryTake(out Envelope envelope))
        {
            taken.Add(envelope);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        mailbox.PutInFront(taken);
        mailbox.EndTurn(userOpen: false);

        Assert.Equal((20, TimeSpan.FromSeconds(2)), mailbox.Backlog());
    }

    [Theory]
    [InlineData(Overflow.Reject)]
    [InlineData(Overflow.DropOldest)]
    public void Any_mix_of_posts_and_takes_keeps_the_order(Overflow overflow)
    {
        int seed = Random.Shared.Next();
        Console.WriteLine($"Any_mix_of_posts_and_takes_keeps_the_order seed {seed}");
        Random random = new(seed);
        Mailbox mailbox = Opened(100_000, overflow);
        int posted = 0;
        int taken = 0;

        for (int step = 0; step < 2_000; step++)
        {
            for (int i = random.Next(random.Next(50) == 0 ? 2_000 : 20); i > 0; i--)
            {
                Post(mailbox, posted++);
            }

            for (int i = random.Next(60); i > 0 && mailbox.TryTake(out Envelope envelope); i--)
            {
                Assert.Equal(taken++, envelope.Message);
            }

            mailbox.EndTurn(userOpen: true);
        }

        Assert.Equal(posted - taken, mailbox.Backlog().Depth);
        Assert.Equal(Enumerable.Range(taken, posted - taken).Cast<object>(), TakeAll(mailbox));
    }

    private static Mailbox Opened(int capacity, Overflow overflow)
    {
        Mailbox mailbox = new(capacity, overflow, TimeProvider.System);
        mailbox.EndTurn(userOpen: true);
        return mailbox;
    }

    private static SendResult Post(Mailbox mailbox, object message) =>
        mailbox.Post(new Envelope(message, null), Admission.Ordinary, out bool _, out Envelope _);

    private static void PostAll(Mailbox mailbox, params int[] messages) =>
        Array.ForEach(messages, message => Post(mailbox, message));

    private static ValueTask<SendResult> Wait(Mailbox mailbox, object message) =>
        mailbox.PostOrWait(new Envelope(message, null), CancellationToken.None, out bool _);

    private static object[] TakeAll(Mailbox mailbox)
    {
        List<object> taken = [];
        while (mailbox.TryTake(out Envelope envelope))
        {
            taken.Add(envelope.Message);
        }

        return [.. taken];
    }
}
