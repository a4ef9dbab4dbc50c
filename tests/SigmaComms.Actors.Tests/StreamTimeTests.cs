using System.Runtime.CompilerServices;
using SigmaComms.Actors.Streams;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class StreamTimeTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_batch_is_given_out_when_its_first_element_is_old_enough()
    {
        List<string> batches = [];
        Consume(
            Paced(0, 1, 1, 5, 0).Batch(new BatchLimits<int>(10) { Age = 3 * Second }, _test.Time),
            batch => batches.Add($"{Now}: {string.Join(',', batch)}"));

        _test.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["3: 0,1,2", "7: 3,4"], batches);
    }

    [Fact]
    public void Throttle_lets_so_many_pass_in_any_time_of_its_length()
    {
        List<double> times = [];
        Consume(Paced(0, 0, 0, 0, 0, 0, 10, 0).Throttle(2, 4 * Second, _test.Time), _ => times.Add(Now));

        _test.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([0, 0, 4, 4, 8, 8, 18, 18], times);
    }

    [Fact]
    public void An_actor_whose_mailbox_waits_holds_the_stream_up_and_gets_every_element_in_order()
    {
        List<int> produced = [];
        TaskCompletionSource gate = new();
        Script script = new();
        IActorRef target = _test.ActorOf(script.Props.WithMailbox(2, Overflow.Wait), "target");
        target.Tell(Await(_ => new ValueTask(gate.Task)));
        _test.RunUntilIdle();
        Task? sent = null;
        _test.ActorOf(new Script().Props).Tell(Do(_ => sent = Source().ToActorAsync(target, default)));
        _test.RunUntilIdle();
        int ahead = produced.Count;

        gate.SetResult();
        _test.Await(sent!);

        Assert.Equal(3, ahead);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Prepend("start 1"), script.Take());

        async IAsyncEnumerable<int> Source()
        {
            for (int i = 0; i < 20; i++)
            {
                await Task.Yield();
                produced.Add(i);
                yield return i;
            }
        }
    }

    [Fact]
    public void A_stream_to_an_actor_that_has_ended_or_is_full_fails_and_says_why()
    {
        IActorRef full = _test.ActorOf(new Script().Props.WithMailbox(1), "full");
        IActorRef ended = _test.ActorOf(new Script().Props, "ended");
        _test.System.Stop(ended);
        _test.RunUntilIdle();
        full.Tell(Await(_ => new ValueTask(new TaskCompletionSource().Task)));
        _test.RunUntilIdle();

        StreamTargetException toFull = Assert.Throws<StreamTargetException>(() => Send(full));
        StreamTargetException toEnded = Assert.Throws<StreamTargetException>(() => Send(ended));

        Assert.Equal((SendResult.Full, SendResult.Terminated), (toFull.Result, toEnded.Result));
    }

    [Fact]
    public void A_stream_from_an_actor_gives_what_it_was_told_in_order_and_ends_with_it()
    {
        ActorSource<int> source = ActorStreams.FromActor<int>(_test.System, 100, name: "source");
        List<int> got = [];
        Task consumed = Consume(source.ReadAsync(), got.Add);
        for (int i = 0; i < 10; i++)
        {
            source.Actor.Tell(i);
        }

        source.Actor.Tell("not an element");
        source.Actor.Tell(PoisonPill.Instance);
        _test.Await(consumed);

        Assert.Equal(Enumerable.Range(0, 10), got);
    }

    [Fact]
    public void A_failure_that_the_actor_is_told_fails_its_stream_after_what_came_before()
    {
        ActorSource<int> source = ActorStreams.FromActor<int>(_test.System, 100);
        List<int> got = [];
        Task consumed = Consume(source.ReadAsync(), got.Add);

        source.Actor.Tell(1);
        source.Actor.Tell(new Failure(new Planted()));

        Assert.Throws<Planted>(() => _test.Await(consumed));
        Assert.Equal([1], got);
    }

    [Fact]
    public void A_consumer_that_goes_away_stops_the_actor()
    {
        TestProbe probe = _test.CreateProbe();
        ActorSource<int> source = ActorStreams.FromActor<int>(_test.System, 100);
        probe.Watch(source.Actor);
        Task consumed = Consume(source.ReadAsync(), _ => throw new Planted());

        source.Actor.Tell(1);
        source.Actor.Tell(2);

        Assert.Throws<Planted>(() => _test.Await(consumed));
        probe.ExpectTerminated(source.Actor);
    }

    [Fact]
    public void A_full_source_keeps_its_tellers_waiting()
    {
        ActorSource<int> source = ActorStreams.FromActor<int>(_test.System, 1);
        Task<SendResult>[] told = [.. Enumerable.Range(0, 5).Select(i => source.Actor.TellAsync(i).AsTask())];
        _test.RunUntilIdle();
        int accepted = told.Count(task => task.IsCompleted);
        List<int> got = [];

        Consume(source.ReadAsync(), got.Add);
        _test.Await(Task.WhenAll(told));
        _test.RunUntilIdle();

        Assert.InRange(accepted, 1, 4);
        Assert.All(told, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(Enumerable.Range(0, 5), got);
    }

    private double Now => _test.Time.GetUtcNow().TimeOfDay.TotalSeconds;

    private void Send(IActorRef target)
    {
        Task? sent = null;
        _test.ActorOf(new Script().Props).Tell(Do(_ => sent = Paced(0, 0, 0).ToActorAsync(target, default)));
        _test.RunUntilIdle();
        _test.Await(sent!);
    }

    private Task Consume<T>(IAsyncEnumerable<T> source, Action<T> action)
    {
        Task? consumed = null;
        _test.ActorOf(new Script().Props).Tell(Do(_ => consumed = ConsumeAsync()));
        _test.RunUntilIdle();
        return consumed!;

        async Task ConsumeAsync()
        {
            await foreach (T item in source)
            {
                action(item);
            }
        }
    }

    // Numbers, each so many seconds after the one before.
    private async IAsyncEnumerable<int> Paced(
        int first, int second, int third, params int[] others)
    {
        int[] pauses = [first, second, third, .. others];
        for (int i = 0; i < pauses.Length; i++)
        {
            if (pauses[i] > 0)
            {
                await Task.Delay(pauses[i] * Second, _test.Time);
            }

            yield return i;
        }
    }
}
