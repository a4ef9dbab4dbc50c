using System.Security.Cryptography;
using Polly;
using Polly.CircuitBreaker;

namespace SigmaComms.Actors.Breakers;

/// <summary>
/// Stands between an actor and what may fail for long: when too many calls fail it opens, and calls are refused at
/// once; after a while one call is let through to find out. It belongs to the actor's place in the tree, so a restart
/// does not close it, and stands in the actor's health.
/// </summary>
/// <remarks>Safe to call from any thread. The counting is Polly's; its states change only at calls, so a timer here
/// shows and publishes the half-open state when its time has come.</remarks>
public sealed class Breaker
{
    private readonly ActorCell _owner;
    private readonly BreakerSettings _settings;
    private readonly CircuitBreakerStateProvider _polly = new();
    private readonly CircuitBreakerManualControl _hand = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private BreakerState _state;
    private DateTimeOffset? _notClosedSince;
    private Exception? _lastError;
    private long _rejected;
    private long _opened;
    private long _openedSeen;
    private long _retryAt;
    private long _closedAt = long.MinValue;
    private int _openedInRow;
    private bool _ended;

    internal Breaker(ActorCell owner, BreakerSettings settings)
    {
        settings.Validate();
        _owner = owner;
        _settings = settings;
        _timer = Time.CreateTimer(
            _ => LetProbePass(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = Time, Name = settings.Name }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = settings.FailureRatio,
                MinimumThroughput = settings.CallsMin,
                SamplingDuration = settings.Window,
                BreakDurationGenerator = _ => ValueTask.FromResult(NextBreak()),
                ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments)),
                StateProvider = _polly,
                ManualControl = _hand,
            })
            .Build();
    }

    /// <summary>Its name.</summary>
    public string Name => _settings.Name;

    /// <summary>What it does with calls now.</summary>
    public BreakerState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>How long no call passes; zero unless it is open.</summary>
    public TimeSpan RetryAfter => Left(State);

    private TimeProvider Time => _owner.System.Time;

    /// <summary>Makes a call if the breaker lets it pass.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="call">Gets a token that ends with the caller's, or when the call has lasted too long.</param>
    /// <param name="cancellationToken">Ends the wait; what the caller cancels is no failure.</param>
    /// <exception cref="BreakerOpenException">It did not pass.</exception>
    /// <exception cref="TimeoutException">It lasted too long; it may still be running.</exception>
    public async ValueTask<T> RunAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        BreakerOutcome<T> outcome = await TryRunAsync(call, cancellationToken);
        return outcome.Passed
            ? outcome.Value!
            : throw new BreakerOpenException(Name, State, outcome.RetryAfter, Volatile.Read(ref _lastError));
    }

    /// <summary>Makes a call without a result if the breaker lets it pass.</summary>
    /// <param name="call">Gets a token that ends with the caller's, or when the call has lasted too long.</param>
    /// <param name="cancellationToken">Ends the wait; what the caller cancels is no failure.</param>
    /// <exception cref="BreakerOpenException">It did not pass.</exception>
    /// <exception cref="TimeoutException">It lasted too long; it may still be running.</exception>
    public async ValueTask RunAsync(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await RunAsync(
            async token =>
            {
                await call(token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Makes a call if the breaker lets it pass, and says whether it did.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="call">Gets a token that ends with the caller's, or when the call has lasted too long.</param>
    /// <param name="cancellationToken">Ends the wait; what the caller cancels is no failure.</param>
    /// <exception cref="TimeoutException">It lasted too long; it may still be running.</exception>
    public async ValueTask<BreakerOutcome<T>> TryRunAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _ended), this);
        BreakerCall<T> guarded = new(this, call);
        ResilienceContext context = ResilienceContextPool.Shared.Get(
            continueOnCapturedContext: true, cancellationToken);
        try
        {
            T value = await _pipeline.ExecuteAsync(
                static (context, state) =>
                    state.guarded.RunAsync(state.Time, state.CallTimeout, context.CancellationToken),
                context, (guarded, Time, _settings.CallTimeout));
            return new BreakerOutcome<T>(true, value, TimeSpan.Zero);
        }
        catch (BrokenCircuitException) when (!guarded.Passed)
        {
            Interlocked.Increment(ref _rejected);
            return new BreakerOutcome<T>(false, default, RetryAfter);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            Observe();
        }
    }

    /// <summary>Lets no call pass until somebody closes it by hand.</summary>
    public async ValueTask IsolateAsync()
    {
        await _hand.IsolateAsync(CancellationToken.None);
        Observe();
    }

    /// <summary>Closes it, whatever it was.</summary>
    public async ValueTask CloseAsync()
    {
        await _hand.CloseAsync(CancellationToken.None);
        Observe();
    }

    /// <summary>Its part of the owner's health.</summary>
    public BreakerSnapshot Snapshot()
    {
        lock (_gate)
        {
            return new BreakerSnapshot(
                Name, _state, _notClosedSince,
                _notClosedSince is { } since ? Time.GetUtcNow() - since : TimeSpan.Zero,
                Left(_state), _openedSeen, Volatile.Read(ref _rejected), Describe(Volatile.Read(ref _lastError)));
        }
    }

    /// <summary>Looks at the state that the counting has come to, and tells if it is another one.</summary>
    internal void Observe()
    {
        lock (_gate)
        {
            long opened = Volatile.Read(ref _opened);
            bool again = opened != _openedSeen;
            BreakerState now = _polly.CircuitState switch
            {
                CircuitState.Closed => BreakerState.Closed,
                CircuitState.HalfOpen => BreakerState.HalfOpen,
                CircuitState.Isolated => BreakerState.Isolated,
                _ => again ? BreakerState.Open : _state,
            };
            _openedSeen = opened;
            if (now != _state && !_ended)
            {
                Enter(now);
            }
        }
    }

    /// <summary>Its owner has ended: no more calls, events or timers.</summary>
    internal void End()
    {
        lock (_gate)
        {
            Volatile.Write(ref _ended, true);
            _timer.Dispose();
        }
    }

    private static string? Describe(Exception? failure) =>
        failure is null ? null : $"{failure.GetType().Name}: {failure.Message}";

    // A probe that its caller cancelled has proved nothing, so the breaker must not close.
    private bool IsFailure(CircuitBreakerPredicateArguments<object> arguments)
    {
        if (arguments.Outcome.Exception is not { } failure)
        {
            return false;
        }

        if (failure is OperationCanceledException && arguments.Context.CancellationToken.IsCancellationRequested)
        {
            return _polly.CircuitState == CircuitState.HalfOpen;
        }

        bool counts = _settings.IsFailure(failure);
        if (counts)
        {
            Volatile.Write(ref _lastError, failure);
        }

        return counts;
    }

    // Called by Polly under its own lock, so it must not take the gate.
    private TimeSpan NextBreak()
    {
        DateTimeOffset now = Time.GetUtcNow();
        long closedAt = Interlocked.Exchange(ref _closedAt, long.MinValue);
        bool quiet = closedAt != long.MinValue && now.UtcTicks - closedAt > _settings.Break.ResetAfter.Ticks;
        _openedInRow = quiet ? 1 : Math.Min(_openedInRow + 1, int.MaxValue - 1);
        double fraction = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
        TimeSpan length = _settings.Break.Delay(_openedInRow, fraction);
        Volatile.Write(ref _retryAt, (now + length).UtcTicks);
        Volatile.Write(ref _opened, _opened + 1);
        return length;
    }

    private void LetProbePass()
    {
        lock (_gate)
        {
            if (_state != BreakerState.Open || _ended)
            {
                return;
            }

            if (Left(_state) is { Ticks: > 0 } left)
            {
                Arm(left);
                return;
            }

            Enter(BreakerState.HalfOpen);
        }
    }

    private void Enter(BreakerState to)
    {
        DateTimeOffset now = Time.GetUtcNow();
        BreakerState from = _state;
        _state = to;
        if (to == BreakerState.Closed)
        {
            _notClosedSince = null;
            Volatile.Write(ref _closedAt, now.UtcTicks);
        }
        else
        {
            _notClosedSince ??= now;
        }

        TimeSpan left = Left(to);
        Arm(to == BreakerState.Open ? left : Timeout.InfiniteTimeSpan);
        string? cause = to == BreakerState.Open ? Describe(Volatile.Read(ref _lastError)) : null;
        BreakerChanged changed = new(_owner.Path, Name, from, to, now, left, cause, _owner.TypeName);
        if (!_owner.System.EventStream.Publish(changed))
        {
            _owner.System.Logger.BreakerChanged(Name, _owner.Path, to, left.TotalMilliseconds, cause);
        }
    }

    private TimeSpan Left(BreakerState state) => state != BreakerState.Open
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _retryAt) - Time.GetUtcNow().UtcTicks));

    // Timers count whole milliseconds: one too early would only be set again.
    private void Arm(TimeSpan delay) => _timer.Change(
        delay == Timeout.InfiniteTimeSpan ? delay : TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)),
        Timeout.InfiniteTimeSpan);
}
