using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class ReceiveTimeoutTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string Silence = $"{ReceiveTimeout.Instance}";

    private readonly TestSystem _test = new();
    private readonly Script _script = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void Without_a_time_out_silence_brings_nothing()
    {
        _test.ActorOf(_script.Props);

        _test.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["start 1"], _script.Take());
    }

    [Fact]
    public void One_that_is_set_at_the_start_counts_from_there()
    {
        _script.OnStart = me =>
        {
            me.Here.SetReceiveTimeout(Second);
            return ValueTask.CompletedTask;
        };
        _test.ActorOf(_script.Props);

        _test.Advance(Second);

        Assert.Equal(["start 1", Silence], _script.Take());
    }

    [Fact]
    public void Every_message_lets_the_silence_begin_anew()
    {
        IActorRef actor = Waiting(Second);

        for (int i = 0; i < 5; i++)
        {
            _test.Advance(0.9 * Second);
            actor.Tell("talk");
        }

        _test.Advance(0.9 * Second);
        Assert.Equal(Enumerable.Repeat("talk", 5), _script.Take());
    }

    [Fact]
    public void Setting_it_again_replaces_the_first()
    {
        IActorRef actor = Waiting(Second);
        _test.Advance(0.5 * Second);

        actor.Tell(Do(me => me.Here.SetReceiveTimeout(3 * Second)));
        _test.Advance(2.9 * Second);
        string[] before = _script.Take();
        _test.Advance(0.1 * Second);

        Assert.Empty(before);
        Assert.Equal([Silence], _script.Take());
    }

    [Fact]
    public void One_that_is_ended_never_arrives_even_if_it_is_in_the_mailbox_already()
    {
        TaskCompletionSource gate = new();
        IActorRef actor = Waiting(Second);
        actor.Tell(Await(async me =>
        {
            await gate.Task;
            me.Here.SetReceiveTimeout(null);
        }));
        _test.Advance(5 * Second);

        gate.SetResult();
        _test.Advance(5 * Second);

        Assert.Empty(_script.Take());
    }

    [Fact]
    public void The_message_of_a_timer_does_not_break_the_silence()
    {
        IActorRef actor = Waiting(Second);
        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "tick", 0.6 * Second)));

        _test.Advance(Second);

        Assert.Equal(["tick", Silence], _script.Take());
    }

    [Fact]
    public void An_ended_actor_leaves_no_timer_behind()
    {
        IActorRef actor = Waiting(Second);

        actor.Tell(PoisonPill.Instance);
        _test.RunUntilIdle();

        Assert.Null(_test.Time.UntilNext);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void One_that_is_no_time_is_refused(int seconds)
    {
        Waiting(seconds * Second);

        Assert.Equal(nameof(ArgumentOutOfRangeException), _test.System.Tree().All.Single().LastError?.Split(':')[0]);
    }

    private IActorRef Waiting(TimeSpan timeout)
    {
        IActorRef actor = _test.ActorOf(_script.Props);
        actor.Tell(Do(me => me.Here.SetReceiveTimeout(timeout)));
        _test.RunUntilIdle();
        _script.Take();
        return actor;
    }
}
