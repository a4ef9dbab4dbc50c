using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class AskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_answer_completes_the_ask_and_leaves_nothing_behind()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<string> answer = actor.Ask<string>(Do(me => me.From!.Tell("answer")), Second);
        test.RunUntilIdle();

        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal("answer", await answer);
        actor.Tell(PoisonPill.Instance);
        test.Advance(2 * Second);
        Assert.Equal(0, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<int> answer = actor.Ask<int>(Do(me =>
        {
            me.From!.Tell(1);
            me.From!.Tell(2);
        }), Second);
        test.RunUntilIdle();

        Assert.Equal(1, await answer);
        Assert.Equal(1, test.System.DeadLetters.CountOf("/temp/ask"));
    }

    [Fact]
    public async Task No_answer_fails_at_the_time_out_and_not_before()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        Task<string> answer = actor.Ask<string>("question", Second);

        test.Advance(Second - TimeSpan.FromTicks(1));
        bool before = answer.IsCompleted;
        test.Advance(TimeSpan.FromTicks(1));

        Assert.False(before);
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer);
    }

    [Fact]
    public async Task Asks_with_different_time_outs_end_in_their_own_order()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        Task<string>[] asks = [.. Enumerable.Range(1, 50).Reverse().Select(i => actor.Ask<string>("?", i * Second))];
        Task<string> late = actor.Ask<string>("?", Second);

        test.Advance(0.5 * Second);
        Task<string> later = actor.Ask<string>("?", Second);
        test.Advance(0.5 * Second);

        Assert.Equal(1, asks.Count(ask => ask.IsFaulted));
        Assert.True(late.IsFaulted);
        Assert.False(later.IsCompleted);
        test.Advance(0.5 * Second);
        Assert.True(later.IsFaulted);
        test.Advance(24 * Second);
        Assert.Equal(25, asks.Count(ask => ask.IsFaulted));
        test.Advance(25 * Second);
        Assert.All(asks, ask => Assert.True(ask.IsFaulted));
    }

    [Fact]
    public async Task The_end_of_the_target_fails_the_ask_at_once()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        Task<string> answer = actor.Ask<string>("question", TimeSpan.FromHours(1));
        Task<string> second = actor.Ask<string>("question", TimeSpan.FromHours(1));

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => answer);
        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => second);
    }

    [Fact]
    public async Task Asking_a_dead_actor_fails_at_once()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Task<string> answer = actor.Ask<string>("question", TimeSpan.FromHours(1));

        Assert.True(answer.IsFaulted);
        await Assert.ThrowsAsync<AskTargetTerminatedException>(() => answer);
    }

    [Fact]
    public async Task Asking_a_full_mailbox_fails_at_once()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(1));
        actor.Tell("fills it");

        Task<string> answer = actor.Ask<string>("question", TimeSpan.FromHours(1));

        Assert.True(answer.IsFaulted);
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer);
    }

    [Fact]
    public async Task A_Failure_as_the_answer_fails_the_ask_with_its_cause()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<string> answer = actor.Ask<string>(Do(me => me.From!.Tell(new Failure(new Planted("why")))), Second);
        test.RunUntilIdle();

        Assert.Equal("why", (await Assert.ThrowsAsync<Planted>(() => answer)).Message);
    }

    [Fact]
    public async Task An_answer_of_the_wrong_type_fails_the_ask()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<string> answer = actor.Ask<string>(Do(me => me.From!.Tell(12)), Second);
        test.RunUntilIdle();

        await Assert.ThrowsAsync<InvalidCastException>(() => answer);
    }

    [Fact]
    public async Task A_cancelled_ask_ends_and_its_answer_is_a_dead_letter()
    {
        await using TestSystem test = new();
        IActorRef? asker = null;
        using CancellationTokenSource giveUp = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        Task<string> answer = actor.Ask<string>(Do(me => asker = me.From), Second, giveUp.Token);
        test.RunUntilIdle();

        await giveUp.CancelAsync();
        asker!.Tell("too late");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(1, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_time_out_is_mandatory()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => actor.Ask<string>("question", Timeout.InfiniteTimeSpan));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => actor.Ask<string>("question", TimeSpan.Zero));
    }

    [Fact]
    public async Task Asking_oneself_or_in_a_ring_fails_at_once()
    {
        await using TestSystem test = new();
        List<Exception> failures = [];
        IActorRef first = test.ActorOf(new Script().Props, "first");
        IActorRef second = test.ActorOf(new Script().Props, "second");
        IActorRef third = test.ActorOf(new Script().Props, "third");
        object toFirst = Await(async me => await AskNoting(me, first, "?"));
        object toThird = Await(async me => await AskNoting(me, third, toFirst));

        first.Tell(Await(async me => await AskNoting(me, first, "?")));
        first.Tell(Await(async me => await AskNoting(me, second, toThird)));
        test.RunUntilIdle();

        Assert.Equal(2, failures.OfType<AskCycleException>().Count());

        async ValueTask AskNoting(ScriptedActor me, IActorRef to, object question)
        {
            try
            {
                await me.Here.Ask<string>(to, question, Second);
            }
            catch (AskCycleException failure)
            {
                failures.Add(failure);
                me.From?.Tell("a ring");
            }
        }
    }

    [Fact]
    public async Task A_ring_through_the_second_of_two_asks_at_a_time_is_found()
    {
        await using TestSystem test = new();
        Exception? found = null;
        IActorRef first = test.ActorOf(new Script().Props, "first");
        IActorRef quick = test.ActorOf(new Script().Props, "quick");
        IActorRef slow = test.ActorOf(new Script().Props, "slow");
        TaskCompletionSource gate = new();
        slow.Tell(Await(_ => new ValueTask(gate.Task)));
        object back = Await(async me =>
        {
            found = await Record.ExceptionAsync(async () => await me.Here.Ask<string>(first, "?", Second));
            me.From!.Tell("answer");
        });
        first.Tell(Await(async me =>
        {
            Task<string> one = me.Here.Ask<string>(slow, back, TimeSpan.FromMinutes(1)).AsTask();
            await me.Here.Ask<string>(quick, Do(other => other.From!.Tell("quick")), Second);
            gate.SetResult();
            await one;
        }));

        test.RunUntilIdle();

        Assert.IsType<AskCycleException>(found);
    }

    [Fact]
    public async Task An_ask_within_a_turn_ends_when_its_actor_is_stopped()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef target = test.ActorOf(new Script().Props);
        IActorRef asker = test.ActorOf(new Script().Props);
        probe.Watch(asker);
        asker.Tell(Await(async me => await me.Here.Ask<string>(target, "question", TimeSpan.FromHours(1))));
        test.RunUntilIdle();

        test.System.Stop(asker);

        Assert.False(probe.ExpectTerminated(asker).Abandoned);
    }

    [Fact]
    public async Task An_answer_of_a_derived_type_or_to_an_ask_for_anything_is_fine()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<Exception> derived = actor.Ask<Exception>(Do(me => me.From!.Tell(new Planted("why"))), Second);
        Task<object> anything = actor.Ask<object>(Do(me => me.From!.Tell(7)), Second);
        test.RunUntilIdle();

        Assert.Equal("why", (await derived).Message);
        Assert.Equal(7, await anything);
    }

    [Fact]
    public async Task The_answer_of_an_actor_that_ends_with_it_counts()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        Task<string> answer = actor.Ask<string>(Do(me =>
        {
            me.From!.Tell("last word");
            me.Here.Stop(me.Address);
        }), Second);
        test.RunUntilIdle();

        Assert.Equal("last word", await answer);
    }

    [Fact]
    public async Task Another_actor_may_give_the_answer()
    {
        await using TestSystem test = new();
        IActorRef expert = test.ActorOf(new Script().Props);
        IActorRef desk = test.ActorOf(new Script().Props);
        object question = Do(me => me.From!.Tell("from the expert"));

        Task<string> answer = desk.Ask<string>(Do(me => expert.Tell(question, me.From)), Second);
        test.RunUntilIdle();

        Assert.Equal("from the expert", await answer);
    }

    [Fact]
    public async Task A_question_that_is_put_aside_is_answered_to_its_asker_later()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(Do(me => me.Here.BecomeStacked(message =>
        {
            if (message is "open")
            {
                me.Here.UnbecomeStacked();
                me.Here.Stash.UnstashAll();
            }
            else
            {
                me.Here.Stash.Stash();
            }

            return ValueTask.CompletedTask;
        })));
        Task<string> answer = actor.Ask<string>(Do(me => me.From!.Tell("at last")), 2 * Second);
        test.Advance(Second);

        actor.Tell("open");
        test.RunUntilIdle();

        Assert.Equal("at last", await answer);
    }

    [Fact]
    public async Task An_ask_whose_token_is_cancelled_already_asks_nobody()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        Task<string> answer = actor.Ask<string>("question", Second, new CancellationToken(canceled: true));
        test.Advance(2 * Second);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal(["start 1"], script.Take());
        Assert.Null(test.Time.UntilNext);
    }

    [Fact]
    public async Task Asks_from_many_threads_get_each_its_own_answer()
    {
        await using ActorSystem system = new("pool");
        IActorRef actor = system.ActorOf(Props.Create<Doubler>());

        int[] answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(
            i => Task.Run(() => actor.Ask<int>(i, TimeSpan.FromMinutes(1)))));

        Assert.Equal(Enumerable.Range(0, 400).Select(i => 2 * i), answers);
        Assert.Equal(0, system.DeadLetters.Count);
    }

    [Fact]
    public async Task The_outcome_of_a_task_comes_as_a_message_outside_of_the_turn()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource<int> task = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.PipeToSelf(task.Task, value => $"got {value}", cause => cause.Message)));
        actor.Tell("between");
        test.RunUntilIdle();

        task.SetResult(7);
        test.RunUntilIdle();

        Assert.Equal(["start 1", "between", "got 7"], script.Take());
    }

    [Fact]
    public async Task The_failure_of_a_piped_task_or_of_its_mapping_always_comes_as_a_message()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => me.Here.PipeToSelf(
            Task.FromException<int>(new Planted("task")), value => value, cause => cause.Message)));
        actor.Tell(Do(me => me.Here.PipeToSelf<int>(
            Task.FromResult(1), _ => throw new Planted("mapping"), cause => cause.Message)));
        actor.Tell(Do(me => me.Here.PipeToSelf<int>(
            Task.FromResult(1), _ => throw new Planted("one"), _ => throw new Planted("two"))));
        actor.Tell(Do(me => me.Here.PipeToSelf(Task.FromResult(1), _ => null!, _ => "failed")));
        test.RunUntilIdle();

        string[] events = script.Take();
        Assert.Equal(["start 1", "task", "mapping"], events[..3]);
        Assert.Contains("two", events[3], StringComparison.Ordinal);
        Assert.Contains("null", events[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_outcome_of_a_task_that_ends_after_the_actor_is_a_dead_letter()
    {
        await using TestSystem test = new();
        TaskCompletionSource<int> task = new();
        IActorRef actor = test.ActorOf(new Script().Props, "a");
        actor.Tell(Do(me => me.Here.PipeToSelf(task.Task, value => value, cause => cause)));
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        task.SetResult(7);
        test.RunUntilIdle();

        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/a"));
    }

    private sealed class Doubler : UntypedActor
    {
        protected override void Handle(object message) => Sender?.Tell(2 * (int)message, Self);
    }
}
