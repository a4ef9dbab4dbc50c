using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace SigmaComms.Actors.Streams;

/// <summary>
/// The work that goes on behind one operator. The first failure ends all of it and is what the consumer gets; when
/// the consumer goes away, the work is cancelled and waited for.
/// </summary>
internal sealed class StreamScope : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _consumer;
    private readonly TaskCompletionSource _ended = new();
    private readonly Lock _gate = new();
    private Exception? _failure;
    private int _running = 1;

    public StreamScope(CancellationToken consumer)
    {
        _consumer = consumer;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(consumer);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>
    /// Begins a part of the work. It leaves the caller's stack first, so that parts run at the same time.
    /// </summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        lock (_gate)
        {
            _running++;
        }

        _ = RunAsync(work);
    }

    /// <summary>Moves a source's elements into a channel, which ends with the source.</summary>
    public void Pump<T>(IAsyncEnumerable<T> source, ChannelWriter<T> to) => Run(async token =>
    {
        await foreach (T item in source.WithCancellation(token))
        {
            await to.WriteAsync(item, token);
        }

        to.Complete();
    });

    /// <summary>The outcome of a step of the consumer; if the work failed, its first failure.</summary>
    public async ValueTask<T> StepAsync<T>(ValueTask<T> step)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _failure) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
            throw;
        }
        catch (OperationCanceledException) when (_consumer.IsCancellationRequested)
        {
            throw new OperationCanceledException(_consumer);
        }
    }

    /// <summary>The next element of a channel, or nothing when it has ended.</summary>
    public async ValueTask<(bool Any, T? Item)> NextAsync<T>(ChannelReader<T> reader)
    {
        while (await StepAsync(reader.WaitToReadAsync(Token)))
        {
            if (reader.TryRead(out T? item))
            {
                return (true, item);
            }
        }

        return (false, default);
    }

    /// <summary>Waits until all parts have ended, and throws the first failure.</summary>
    public async Task WhenAllAsync()
    {
        EndOne();
        await _ended.Task;
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        _consumer.ThrowIfCancellationRequested();
    }

    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Cancel();
        if (!_ended.Task.IsCompleted)
        {
            EndOne();
        }

        await _ended.Task;
        _stop.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await Task.Yield();
            await work(Token);
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            // The reason for it is known already.
            Cancel();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
        finally
        {
            EndOne();
        }
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }

    private void EndOne()
    {
        bool last;
        lock (_gate)
        {
            last = --_running == 0;
        }

        if (last)
        {
            _ended.TrySetResult();
        }
    }
}
