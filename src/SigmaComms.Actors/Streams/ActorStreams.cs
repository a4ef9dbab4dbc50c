using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SigmaComms.Actors.Streams;

/// <summary>
/// Operators over asynchronous streams with bounded memory. Whatever fails first, the source, a function or the
/// consumer, cancels the rest; it overtakes what is buffered and is rethrown as it is. When a consumer goes away,
/// all work behind it has ended before its loop is left.
/// </summary>
public static class ActorStreams
{
    /// <summary>Lets the source run ahead of its consumer.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="count">By how many elements, at least 1.</param>
    public static IAsyncEnumerable<T> Buffer<T>(this IAsyncEnumerable<T> source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return GatherAsync([source], count, CancellationToken.None);
    }

    /// <summary>All elements of all streams, as they come.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="sources">The streams.</param>
    public static IAsyncEnumerable<T> Merge<T>(params IReadOnlyList<IAsyncEnumerable<T>> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return GatherAsync(sources, 1, CancellationToken.None);
    }

    /// <summary>Handles several elements at a time; the results have the order of the elements.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <typeparam name="TResult">The results.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="parallelism">Elements at a time, at least 1.</param>
    /// <param name="map">What to do with one.</param>
    /// <param name="bound">Bytes at a time, or null for no bound but the parallelism.</param>
    public static IAsyncEnumerable<TResult> MapOrdered<T, TResult>(
        this IAsyncEnumerable<T> source,
        int parallelism,
        Func<T, CancellationToken, ValueTask<TResult>> map,
        ByteBound<T>? bound = null)
    {
        Require(source, parallelism, map);
        return ParallelMap.OrderedAsync(source, parallelism, bound ?? ByteBound<T>.None, map, CancellationToken.None);
    }

    /// <summary>Handles several elements at a time; the results come as they are ready.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <typeparam name="TResult">The results.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="parallelism">Elements at a time, at least 1.</param>
    /// <param name="map">What to do with one.</param>
    /// <param name="bound">Bytes at a time, or null for no bound but the parallelism.</param>
    public static IAsyncEnumerable<TResult> MapUnordered<T, TResult>(
        this IAsyncEnumerable<T> source,
        int parallelism,
        Func<T, CancellationToken, ValueTask<TResult>> map,
        ByteBound<T>? bound = null)
    {
        Require(source, parallelism, map);
        return ParallelMap.UnorderedAsync(source, parallelism, bound ?? ByteBound<T>.None, map, CancellationToken.None);
    }

    /// <summary>Puts elements together until a limit is reached; the last batch may be smaller.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="limits">When a batch is full.</param>
    /// <param name="time">For the age of a batch.</param>
    public static IAsyncEnumerable<IReadOnlyList<T>> Batch<T>(
        this IAsyncEnumerable<T> source, BatchLimits<T> limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(time);
        return Batching.BatchAsync(source, limits, time, CancellationToken.None);
    }

    /// <summary>Lets at most so many elements pass in any time of that length; the others wait.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="count">Elements, at least 1.</param>
    /// <param name="per">The length, more than zero.</param>
    /// <param name="time">The clock.</param>
    public static IAsyncEnumerable<T> Throttle<T>(
        this IAsyncEnumerable<T> source, int count, TimeSpan per, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(per, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(time);
        return ThrottleAsync(source, count, per, time, CancellationToken.None);
    }

    /// <summary>Handles several elements at a time and ends when all are handled.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="parallelism">Elements at a time, at least 1.</param>
    /// <param name="bound">Bytes at a time.</param>
    /// <param name="action">What to do with one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ForEachParallelAsync<T>(
        this IAsyncEnumerable<T> source,
        int parallelism,
        ByteBound<T> bound,
        Func<T, CancellationToken, ValueTask> action,
        CancellationToken cancellationToken)
    {
        Require(source, parallelism, action);
        ArgumentNullException.ThrowIfNull(bound);
        ByteCredits credits = new(bound.BytesMax);
        using SemaphoreSlim running = new(parallelism);
        await using StreamScope scope = new(cancellationToken);
        scope.Run(token => ParallelMap.ForEachAsync(
            scope, source, (running, parallelism), (credits, bound),
            async (item, size, inner) =>
            {
                await action(item, inner);
                credits.Give(size);
            },
            token));
        await scope.WhenAllAsync();
    }

    /// <summary>
    /// Tells an actor every element; with <see cref="Overflow.Wait"/> in its mailbox the stream waits for room.
    /// </summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="source">The stream.</param>
    /// <param name="target">Whom.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StreamTargetException">The actor has ended or did not take an element.</exception>
    public static async Task ToActorAsync<T>(
        this IAsyncEnumerable<T> source, IActorRef target, CancellationToken cancellationToken)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        await foreach (T item in source.WithCancellation(cancellationToken))
        {
            SendResult result = await target.TellAsync(item, sender: null, cancellationToken);
            if (result != SendResult.Accepted)
            {
                throw new StreamTargetException(target, result);
            }
        }
    }

    /// <summary>A stream of what an actor is told.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="system">Where the actor is made.</param>
    /// <param name="capacity">Elements that wait in its mailbox, at least 1.</param>
    /// <param name="overflow">What happens when it is full.</param>
    /// <param name="name">The actor's name, or null for a made-up one.</param>
    public static ActorSource<T> FromActor<T>(
        ActorSystem system, int capacity, Overflow overflow = Overflow.Wait, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new ActorSource<T>(system, name, capacity, overflow);
    }

    private static void Require<T>(IAsyncEnumerable<T> source, int parallelism, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        ArgumentNullException.ThrowIfNull(function);
    }

    private static async IAsyncEnumerable<T> GatherAsync<T>(
        IReadOnlyList<IAsyncEnumerable<T>> sources,
        int count,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using StreamScope scope = new(cancellationToken);
        Channel<T> channel = Channel.CreateBounded<T>(count);
        int left = sources.Count;
        if (left == 0)
        {
            yield break;
        }

        foreach (IAsyncEnumerable<T> source in sources)
        {
            scope.Run(async token =>
            {
                await foreach (T item in source.WithCancellation(token))
                {
                    await channel.Writer.WriteAsync(item, token);
                }

                if (Interlocked.Decrement(ref left) == 0)
                {
                    channel.Writer.Complete();
                }
            });
        }

        while (await scope.NextAsync(channel.Reader) is (true, var next))
        {
            yield return next!;
        }
    }

    private static async IAsyncEnumerable<T> ThrottleAsync<T>(
        IAsyncEnumerable<T> source,
        int count,
        TimeSpan per,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Queue<long> passed = new(count);
        await foreach (T item in source.WithCancellation(cancellationToken))
        {
            if (passed.Count == count)
            {
                TimeSpan left = per - time.GetElapsedTime(passed.Dequeue());
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, time, cancellationToken);
                }
            }

            passed.Enqueue(time.GetTimestamp());
            yield return item;
        }
    }
}
