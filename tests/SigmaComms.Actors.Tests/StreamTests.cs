using System.Runtime.CompilerServices;
using SigmaComms.Actors.Streams;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class StreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _limit = new(Limit);
    private bool _sourceEnded;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task MapOrdered_keeps_the_order_however_long_each_takes(int parallelism)
    {
        List<int> results = await ListAsync(Numbers(100).MapOrdered(parallelism, async (number, _) =>
        {
            for (int i = number % 5; i > 0; i--)
            {
                await Task.Yield();
            }

            return number * 2;
        }));

        Assert.Equal(Enumerable.Range(0, 100).Select(number => number * 2), results);
    }

    [Fact]
    public async Task MapUnordered_gives_every_result_once_and_the_first_that_is_ready_first()
    {
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> results = [];

        await foreach (int result in Numbers(10).MapUnordered(2, async (number, _) =>
        {
            await (number == 0 ? slow.Task : Task.CompletedTask);
            return number;
        }))
        {
            results.Add(result);
            if (results.Count == 9)
            {
                slow.SetResult();
            }
        }

        Assert.Equal(0, results[^1]);
        Assert.Equal(Enumerable.Range(0, 10), results.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_more_elements_are_handled_at_a_time_than_wanted(bool ordered)
    {
        int now = 0;
        int most = 0;

        List<int> results = await ListAsync(Map(ordered, Numbers(200), 3, async (number, _) =>
        {
            Raise(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return number;
        }));

        Assert.Equal(200, results.Count);
        Assert.InRange(most, 1, 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_parallel_map_never_holds_more_bytes_than_its_bound(bool ordered)
    {
        long held = 0;
        long most = 0;
        ByteBound<int> bound = new(100, number => number % 40);

        await foreach (int number in Map(ordered, Numbers(500), 16, async (number, _) =>
        {
            Raise(ref most, Interlocked.Add(ref held, number % 40));
            await Task.Yield();
            return number;
        }, bound))
        {
            await Task.Yield();
            Interlocked.Add(ref held, -(number % 40));
        }

        Assert.Equal(0, held);
        Assert.InRange(most, 39, 100);
    }

    [Fact]
    public async Task An_element_above_the_bound_goes_through_alone()
    {
        int now = 0;
        int most = 0;

        List<int> results = await ListAsync(Numbers(10).MapUnordered(4, async (number, _) =>
        {
            Raise(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return number;
        }, new ByteBound<int>(10, _ => 1_000)));

        Assert.Equal(10, results.Count);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_consumer_that_does_not_take_holds_the_source_up()
    {
        int produced = 0;
        await using IAsyncEnumerator<int> consumer = Counting()
            .MapOrdered(2, (number, _) => ValueTask.FromResult(number), new ByteBound<int>(5, _ => 1))
            .GetAsyncEnumerator(_limit.Token);

        Assert.True(await consumer.MoveNextAsync());
        await consumer.MoveNextAsync();

        // One is with the consumer; at most five hold credits, and one more was asked for.
        Assert.InRange(Volatile.Read(ref produced), 2, 7);

        async IAsyncEnumerable<int> Counting()
        {
            while (true)
            {
                await Task.Yield();
                yield return Interlocked.Increment(ref produced);
            }
        }
    }

    [Theory]
    [InlineData("ordered")]
    [InlineData("unordered")]
    [InlineData("buffer")]
    [InlineData("merge")]
    [InlineData("batch")]
    [InlineData("throttle")]
    public async Task A_failing_source_fails_the_consumer_with_the_very_failure(string kind)
    {
        Planted planted = new();

        Planted thrown = await Assert.ThrowsAsync<Planted>(() => ListAsync(Operator(kind, Failing(planted))));

        Assert.Same(planted, thrown);
        Assert.True(_sourceEnded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failing_function_ends_the_source_and_the_others_and_is_what_the_consumer_gets(bool ordered)
    {
        Planted planted = new();
        int cancelled = 0;

        Planted thrown = await Assert.ThrowsAsync<Planted>(() => ListAsync(
            Map(ordered, Endless(), 4, async (number, token) =>
            {
                if (number == 3)
                {
                    throw planted;
                }

                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                    throw;
                }

                return number;
            })));

        Assert.Same(planted, thrown);
        Assert.Equal(3, cancelled);
        Assert.True(_sourceEnded);
    }

    [Theory]
    [InlineData("ordered")]
    [InlineData("unordered")]
    [InlineData("buffer")]
    [InlineData("merge")]
    [InlineData("batch")]
    [InlineData("throttle")]
    public async Task When_the_consumer_goes_away_the_source_has_ended_before_its_loop_is_left(string kind)
    {
        await foreach (int number in Operator(kind, Endless()).WithCancellation(_limit.Token))
        {
            Assert.True(number >= 0);
            break;
        }

        Assert.True(_sourceEnded);
    }

    [Theory]
    [InlineData("ordered")]
    [InlineData("unordered")]
    [InlineData("buffer")]
    [InlineData("merge")]
    [InlineData("batch")]
    [InlineData("throttle")]
    public async Task The_consumers_cancellation_ends_the_source(string kind)
    {
        using CancellationTokenSource cancel = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int number in Operator(kind, Endless()).WithCancellation(cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });

        Assert.True(_sourceEnded);
    }

    [Fact]
    public async Task Merge_gives_all_elements_of_all_streams()
    {
        List<int> results = await ListAsync(ActorStreams.Merge(Numbers(50), Numbers(30), Numbers(0)));

        Assert.Equal(
            Enumerable.Range(0, 50).Concat(Enumerable.Range(0, 30)).Order(), results.Order());
    }

    [Fact]
    public async Task Merging_nothing_ends_at_once() => Assert.Empty(await ListAsync(ActorStreams.Merge<int>()));

    [Fact]
    public async Task Buffer_lets_the_source_run_ahead_by_its_count_and_keeps_the_order() =>
        Assert.Equal(Enumerable.Range(0, 300), await ListAsync(Numbers(300).Buffer(16)));

    [Fact]
    public async Task A_batch_is_full_by_count_or_by_bytes_and_the_last_one_is_what_is_left()
    {
        BatchLimits<int> limits = new(4) { Bytes = new ByteBound<int>(10, number => number) };

        List<IReadOnlyList<int>> batches = await ListAsync(Numbers(12).Batch(limits, TimeProvider.System));

        Assert.Equal(
            ["0,1,2,3", "4,5", "6", "7", "8", "9", "10", "11"],
            batches.Select(batch => string.Join(',', batch)));
    }

    [Fact]
    public async Task ForEachParallel_handles_every_element_once_within_its_bytes()
    {
        long held = 0;
        long most = 0;
        int sum = 0;

        await Numbers(300).ForEachParallelAsync(
            8,
            new ByteBound<int>(50, _ => 10),
            async (number, _) =>
            {
                Raise(ref most, Interlocked.Add(ref held, 10));
                await Task.Yield();
                Interlocked.Add(ref sum, number);
                Interlocked.Add(ref held, -10);
            },
            _limit.Token);

        Assert.Equal(Enumerable.Range(0, 300).Sum(), sum);
        Assert.InRange(most, 10, 50);
    }

    [Fact]
    public async Task ForEachParallel_throws_the_first_failure_after_all_others_have_ended()
    {
        int running = 0;

        await Assert.ThrowsAsync<Planted>(() => Endless().ForEachParallelAsync(
            4,
            new ByteBound<int>(100, _ => 1),
            async (number, token) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await (number == 3 ? throw new Planted() : Task.Delay(Timeout.InfiniteTimeSpan, token));
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            _limit.Token));

        Assert.Equal(0, running);
        Assert.True(_sourceEnded);
    }

    [Fact]
    public async Task ForEachParallel_ends_by_its_callers_token()
    {
        using CancellationTokenSource cancel = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Endless().ForEachParallelAsync(
            4, new ByteBound<int>(100, _ => 1), async (_, _) => await cancel.CancelAsync(), cancel.Token));

        Assert.True(_sourceEnded);
    }

    [Fact]
    public async Task Senseless_settings_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(1).Buffer(0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Numbers(1).MapOrdered(0, (number, _) => ValueTask.FromResult(number)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteBound<int>(0, _ => 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLimits<int>(0));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Numbers(1).Throttle(1, TimeSpan.Zero, TimeProvider.System));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Numbers(1).ForEachParallelAsync(
            0, new ByteBound<int>(1, _ => 1), (_, _) => ValueTask.CompletedTask, default));
    }

    private static IAsyncEnumerable<int> Map(
        bool ordered, IAsyncEnumerable<int> source, int parallelism, Func<int, CancellationToken, ValueTask<int>> map,
        ByteBound<int>? bound = null) =>
        ordered ? source.MapOrdered(parallelism, map, bound) : source.MapUnordered(parallelism, map, bound);

    private static IAsyncEnumerable<int> Operator(string kind, IAsyncEnumerable<int> source) => kind switch
    {
        "ordered" or "unordered" => Map(kind == "ordered", source, 3, (number, _) => ValueTask.FromResult(number)),
        "buffer" => source.Buffer(4),
        "merge" => ActorStreams.Merge(source, Numbers(3)),
        "batch" => FirstsAsync(source.Batch(new BatchLimits<int>(3), TimeProvider.System)),
        _ => source.Throttle(1_000_000, TimeSpan.FromTicks(1), TimeProvider.System),
    };

    private static async IAsyncEnumerable<int> FirstsAsync(
        IAsyncEnumerable<IReadOnlyList<int>> batches, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (IReadOnlyList<int> batch in batches.WithCancellation(stop))
        {
            yield return batch[0];
        }
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 3 == 0)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    private static void Raise(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static void Raise(ref long most, long value)
    {
        for (long seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> source)
    {
        List<T> list = [];
        await foreach (T item in source.WithCancellation(_limit.Token))
        {
            list.Add(item);
        }

        return list;
    }

    private async IAsyncEnumerable<int> Endless([EnumeratorCancellation] CancellationToken stop = default)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                await Task.Yield();
                stop.ThrowIfCancellationRequested();
                yield return i;
            }
        }
        finally
        {
            _sourceEnded = true;
        }
    }

    private async IAsyncEnumerable<int> Failing(Exception failure)
    {
        try
        {
            yield return 1;
            await Task.Yield();
            yield return 2;
            throw failure;
        }
        finally
        {
            _sourceEnded = true;
        }
    }
}
