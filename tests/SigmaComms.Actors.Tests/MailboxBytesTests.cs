using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

/// <summary>Mailboxes that are bounded in bytes. A message of a test is its own size.</summary>
public sealed class MailboxBytesTests
{
    [Fact]
    public void It_is_full_when_its_bytes_are_used_up_and_has_room_again_for_what_was_taken()
    {
        Mailbox mailbox = Opened(100, Overflow.Reject);
        SendResult[] sent = [Post(mailbox, 60), Post(mailbox, 40), Post(mailbox, 1)];

        mailbox.TryTake(out Envelope first);
        SendResult[] after = [Post(mailbox, 61), Post(mailbox, 60)];

        Assert.Equal([SendResult.Accepted, SendResult.Accepted, SendResult.Full], sent);
        Assert.Equal(60, first.Message);
        Assert.Equal([SendResult.Full, SendResult.Accepted], after);
        Assert.Equal([40, 60], TakeAll(mailbox));
        Assert.Equal(0, mailbox.Weights!.Bytes);
    }

    [Theory]
    [InlineData(Overflow.Reject)]
    [InlineData(Overflow.DropNewest)]
    [InlineData(Overflow.DropOldest)]
    [InlineData(Overflow.Wait)]
    public async Task A_message_above_all_the_bytes_is_too_large_and_changes_nothing(Overflow overflow)
    {
        Mailbox mailbox = Opened(100, overflow);
        Post(mailbox, 100);

        SendResult told = Post(mailbox, 101);
        SendResult waited = await mailbox.PostOrWait(new Envelope(101, null), CancellationToken.None, out bool _);

        Assert.Equal((SendResult.TooLarge, SendResult.TooLarge), (told, waited));
        Assert.Equal([100], TakeAll(mailbox));
    }

    [Fact]
    public void DropNewest_drops_what_finds_no_bytes()
    {
        Mailbox mailbox = Opened(100, Overflow.DropNewest);
        Post(mailbox, 90);

        SendResult[] sent = [Post(mailbox, 20), Post(mailbox, 10)];

        Assert.Equal([SendResult.Dropped, SendResult.Accepted], sent);
        Assert.Equal([90, 10], TakeAll(mailbox));
    }

    [Fact]
    public void DropOldest_drops_as_many_as_the_new_one_needs_and_says_which()
    {
        Mailbox mailbox = Opened(100, Overflow.DropOldest);
        Array.ForEach([30, 31, 32], size => Post(mailbox, size));

        SendResult result = mailbox.Post(
            new Envelope(60, null), Admission.Ordinary, out bool _, out Envelope displaced);

        Assert.Equal(SendResult.Accepted, result);
        Assert.Equal([30, 31], Assert.IsType<DisplacedMessages>(displaced.Message).All.Select(one => one.Message));
        Assert.Equal([32, 60], TakeAll(mailbox));
        Assert.Equal(2, mailbox.Dropped);
        Assert.Equal(0, mailbox.Weights!.Bytes);
    }

    [Fact]
    public async Task Wait_lets_a_sender_wait_for_bytes_and_nobody_smaller_overtakes_it()
    {
        Mailbox mailbox = Opened(100, Overflow.Wait);
        Post(mailbox, 80);
        ValueTask<SendResult> waiting = mailbox.PostOrWait(new Envelope(50, null), CancellationToken.None, out bool _);

        SendResult smaller = Post(mailbox, 5);
        bool before = waiting.IsCompleted;
        object[] taken = TakeAll(mailbox);

        Assert.Equal(SendResult.Full, smaller);
        Assert.False(before);
        Assert.Equal([80, 50], taken);
        Assert.Equal(SendResult.Accepted, await waiting);
        Assert.Equal(0, mailbox.Weights!.Bytes);
    }

    [Fact]
    public void Words_of_the_runtime_and_poison_pills_weigh_nothing_and_are_not_shown_to_the_sizer()
    {
        Mailbox mailbox = Opened(1, Overflow.Reject);
        Post(mailbox, 1);
        RuntimeNotice notice = new(RuntimeNoticeKind.Given, "notice");

        SendResult[] sent =
        [
            mailbox.Post(new Envelope(notice, null), Admission.Always, out bool _, out Envelope _),
            mailbox.Post(new Envelope(PoisonPill.Instance, null), Admission.Reserved, out bool _, out Envelope _),
        ];

        Assert.All(sent, result => Assert.Equal(SendResult.Accepted, result));
        Assert.Equal([1, notice, PoisonPill.Instance], TakeAll(mailbox));
    }

    [Theory]
    [InlineData("no number")]
    [InlineData(-1)]
    public void A_message_whose_size_cannot_be_told_is_too_large(object message)
    {
        Mailbox mailbox = Opened(100, Overflow.Reject);

        Assert.Equal(SendResult.TooLarge, Post(mailbox, message));
        Assert.Empty(TakeAll(mailbox));
    }

    [Fact]
    public void A_closed_one_gives_back_what_was_sent_and_what_waited_as_it_was()
    {
        Mailbox mailbox = Opened(100, Overflow.Wait);
        Post(mailbox, 70);
        ValueTask<SendResult> waiting = mailbox.PostOrWait(new Envelope(71, null), CancellationToken.None, out bool _);

        List<Envelope> rest = mailbox.Close();

        Assert.Equal([70, 71], rest.Select(envelope => envelope.Message));
        Assert.True(waiting.IsCompleted);
        Assert.Equal(SendResult.Terminated, Post(mailbox, 1));
    }

    [Fact]
    public async Task Threads_that_send_and_an_actor_that_takes_never_exceed_the_bytes_and_leave_none_behind()
    {
        int seed = Random.Shared.Next();
        Console.WriteLine($"{nameof(MailboxBytesTests)} seed {seed}");
        Mailbox mailbox = Opened(1_000, Overflow.Reject);
        int accepted = 0;
        int left = 4;
        Task[] senders = [.. Enumerable.Range(0, left).Select(sender => Task.Run(() =>
        {
            Random random = new(seed + sender);
            for (int i = 0; i < 5_000; i++)
            {
                Interlocked.Add(ref accepted, Post(mailbox, random.Next(400)) == SendResult.Accepted ? 1 : 0);
            }

            Interlocked.Decrement(ref left);
        }))];

        long most = 0;
        int taken = 0;
        while (Volatile.Read(ref left) > 0)
        {
            most = Math.Max(most, mailbox.Weights!.Bytes);
            taken += mailbox.TryTake(out Envelope _) ? 1 : 0;
        }

        await Task.WhenAll(senders);
        taken += TakeAll(mailbox).Length;

        Assert.InRange(most, 0, 1_000);
        Assert.Equal(accepted, taken);
        Assert.Equal(0, mailbox.Weights!.Bytes);
    }

    [Fact]
    public async Task An_actors_props_bound_its_mailbox_and_its_health_and_dead_letters_tell()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props.WithMailbox(100, Overflow.Reject, 10, Size), "bounded");
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();

        SendResult[] sent = [actor.TryTell("1234567"), actor.TryTell("1234"), actor.TryTell("12345678901")];
        ActorSnapshot full = test.System.Tree().All.Single();
        gate.SetResult();
        test.RunUntilIdle();
        ActorSnapshot empty = test.System.Tree().All.Single();

        Assert.Equal([SendResult.Accepted, SendResult.Full, SendResult.TooLarge], sent);
        Assert.Equal((7, 10), (full.MailboxBytes, full.MailboxBytesMax));
        Assert.Equal((0, Verdict.Healthy), (empty.MailboxBytes, empty.Own));
        Assert.Equal(["start 1", "1234567"], script.Take());
        Assert.Equal(2, test.System.DeadLetters.CountOf("/user/bounded"));

        static int Size(object message) => message is string text ? text.Length : 0;
    }

    [Fact]
    public async Task A_mailbox_whose_bytes_are_nearly_used_up_degrades_and_a_full_one_is_unhealthy()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(
            new Script().Props.WithMailbox(100, Overflow.Reject, 100, message => message as int? ?? 0));
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();

        Verdict[] verdicts = [.. ((int[])[74, 1, 25]).Select(size =>
        {
            actor.Tell(size);
            return test.System.Tree().All.Single().Own;
        })];

        Assert.Equal([Verdict.Healthy, Verdict.Degraded, Verdict.Unhealthy], verdicts);
        gate.SetResult();
    }

    private static Mailbox Opened(long bytesMax, Overflow overflow)
    {
        Mailbox mailbox = new(
            100_000, overflow, TimeProvider.System, new MailboxWeights(bytesMax, message => (int)message));
        mailbox.EndTurn(userOpen: true);
        return mailbox;
    }

    private static SendResult Post(Mailbox mailbox, object message) =>
        mailbox.Post(new Envelope(message, null), Admission.Ordinary, out bool _, out Envelope _);

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
