using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SigmaComms.Actors.Streams;

/// <summary>The two maps that handle several elements at a time.</summary>
internal static class ParallelMap
{
    private const int WindowFactor = 2;

    /// <summary>
    /// Results in the order of the elements. A result that waits for an earlier one keeps its place in a window of
    /// twice the parallelism, and its bytes.
    /// </summary>
    public static async IAsyncEnumerable<TResult> OrderedAsync<T, TResult>(
        IAsyncEnumerable<T> source,
        int parallelism,
        ByteBound<T> bound,
        Func<T, CancellationToken, ValueTask<TResult>> map,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Made before the scope, so that it outlives the work.
        using SemaphoreSlim running = new(parallelism);
        await using StreamScope scope = new(cancellationToken);
        ByteCredits credits = new(bound.BytesMax);
        Channel<(TaskCompletionSource<TResult> Result, long Size)> window =
            Channel.CreateBounded<(TaskCompletionSource<TResult> Result, long Size)>(parallelism * WindowFactor);
        scope.Run(async token =>
        {
            await foreach (T item in source.WithCancellation(token))
            {
                long size = await credits.TakeAsync(bound.SizeOf(item), token);
                TaskCompletionSource<TResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await window.Writer.WriteAsync((result, size), token);
                await running.WaitAsync(token);
                scope.Run(async inner =>
                {
                    result.SetResult(await map(item, inner));
                    running.Release();
                });
            }

            window.Writer.Complete();
        });
        while (await scope.NextAsync(window.Reader) is (true, var (result, size)))
        {
            yield return await scope.StepAsync(new ValueTask<TResult>(result.Task.WaitAsync(scope.Token)));
            credits.Give(size);
        }
    }

    /// <summary>Results as they come.</summary>
    public static async IAsyncEnumerable<TResult> UnorderedAsync<T, TResult>(
        IAsyncEnumerable<T> source,
        int parallelism,
        ByteBound<T> bound,
        Func<T, CancellationToken, ValueTask<TResult>> map,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SemaphoreSlim running = new(parallelism);
        await using StreamScope scope = new(cancellationToken);
        ByteCredits credits = new(bound.BytesMax);
        Channel<(TResult Result, long Size)> results = Channel.CreateBounded<(TResult Result, long Size)>(parallelism);
        scope.Run(async token =>
        {
            await ForEachAsync(
                scope, source, (running, parallelism), (credits, bound),
                async (item, size, inner) => await results.Writer.WriteAsync((await map(item, inner), size), inner),
                token);
            results.Writer.Complete();
        });
        while (await scope.NextAsync(results.Reader) is (true, var (result, size)))
        {
            yield return result;
            credits.Give(size);
        }
    }

    /// <summary>Handles several elements at a time and returns when the last one is handled.</summary>
    /// <param name="scope">Whose work it is.</param>
    /// <param name="source">The elements.</param>
    /// <param name="places">How many at a time; they outlive the scope.</param>
    /// <param name="bytes">Taken before an element is handled; the action gives them back.</param>
    /// <param name="action">Gets the element and its credits.</param>
    /// <param name="token">Ends it.</param>
    public static async Task ForEachAsync<T>(
        StreamScope scope,
        IAsyncEnumerable<T> source,
        (SemaphoreSlim Free, int Count) places,
        (ByteCredits Credits, ByteBound<T> Bound) bytes,
        Func<T, long, CancellationToken, Task> action,
        CancellationToken token)
    {
        await foreach (T item in source.WithCancellation(token))
        {
            long size = await bytes.Credits.TakeAsync(bytes.Bound.SizeOf(item), token);
            await places.Free.WaitAsync(token);
            scope.Run(async inner =>
            {
                await action(item, size, inner);
                places.Free.Release();
            });
        }

        // All places free again: nobody is at it.
        for (int i = 0; i < places.Count; i++)
        {
            await places.Free.WaitAsync(token);
        }
    }
}
