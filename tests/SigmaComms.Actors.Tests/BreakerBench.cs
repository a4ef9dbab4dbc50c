using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

/// <summary>An actor with one breaker on virtual time, and all that its calls came to.</summary>
internal sealed class BreakerBench : IAsyncDisposable
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Family _family = new(Script.Always(Directive.Restart));
    private readonly TestProbe _events;

    public BreakerBench(Func<BreakerSettings, BreakerSettings>? change = null)
    {
        BreakerSettings settings = new("disk")
        {
            CallsMin = 4,
            FailureRatio = 0.5,
            Window = 10 * Second,
            Break = new Backoff(5 * Second, 40 * Second, 0, 60 * Second),
            CallTimeout = 2 * Second,
        };
        Settings = change?.Invoke(settings) ?? settings;
        _events = Test.CreateProbe();
        Test.System.EventStream.Subscribe(_events.Ref, typeof(BreakerChanged));
        Breaker = OfOwner();
    }

    public TestSystem Test => _family.Test;

    public BreakerSettings Settings { get; }

    public Breaker Breaker { get; }

    public IActorRef Owner => _family.Child;

    public BreakerSnapshot Health => _family.Snapshot("child").Breakers.Single();

    public ActorSnapshot OwnerHealth => _family.Snapshot("child");

    /// <summary>The breaker as the owner gets it now.</summary>
    public Breaker OfOwner()
    {
        Breaker? breaker = null;
        Owner.Tell(ScriptedActor.Do(me => breaker = me.Here.Breaker(Settings)));
        Test.RunUntilIdle();
        return breaker!;
    }

    /// <summary>One call that succeeds at once.</summary>
    public string Succeed() => Test.Await(Breaker.RunAsync(_ => ValueTask.FromResult("ok"), default).AsTask());

    /// <summary>Calls that fail at once.</summary>
    public void Fail(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Throws<Planted>(
                () => Test.Await(Breaker.RunAsync<string>(_ => throw new Planted($"{i}"), default).AsTask()));
        }
    }

    /// <summary>A call that lasts until the source says otherwise.</summary>
    public Task<string> Begin(TaskCompletionSource<string> source, CancellationToken cancellationToken = default) =>
        Begin(_ => new ValueTask<string>(source.Task), cancellationToken);

    /// <summary>A call that begins in a turn, so that all its continuations are in turns too.</summary>
    public Task<string> Begin(Func<CancellationToken, ValueTask<string>> call, CancellationToken cancellationToken)
    {
        Task<string>? begun = null;
        _family.Grandparent.Tell(
            ScriptedActor.Do(_ => begun = Breaker.RunAsync(call, cancellationToken).AsTask()));
        Test.RunUntilIdle();
        return begun!;
    }

    /// <summary>A call that its caller cancels.</summary>
    public void Cancel()
    {
        using CancellationTokenSource source = new();
        Task<string> call = Begin(new TaskCompletionSource<string>(), source.Token);
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Test.Await(call));
    }

    /// <summary>A call that must not pass.</summary>
    public BreakerOpenException Refuse() => Assert.Throws<BreakerOpenException>(() => Succeed());

    public void Open()
    {
        Fail(4);
        Assert.Equal(BreakerState.Open, Breaker.State);
    }

    /// <summary>The changes since the last call.</summary>
    public BreakerState[] Changes()
    {
        Test.RunUntilIdle();
        List<BreakerState> changes = [];
        while (_events.Waiting > 0)
        {
            changes.Add(_events.ExpectMsg<BreakerChanged>().To);
        }

        return [.. changes];
    }

    public BreakerChanged LastChange()
    {
        BreakerChanged? last = null;
        while (_events.Waiting > 0)
        {
            last = _events.ExpectMsg<BreakerChanged>();
        }

        return last!;
    }

    public ValueTask DisposeAsync() => _family.DisposeAsync();
}
