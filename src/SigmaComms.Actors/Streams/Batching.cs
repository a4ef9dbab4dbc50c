using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SigmaComms.Actors.Streams;

/// <summary>Puts elements together.</summary>
internal static class Batching
{
    public static async IAsyncEnumerable<IReadOnlyList<T>> BatchAsync<T>(
        IAsyncEnumerable<T> source,
        BatchLimits<T> limits,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using StreamScope scope = new(cancellationToken);
        Channel<T> channel = Channel.CreateBounded<T>(1);
        scope.Pump(source, channel.Writer);
        (bool any, T? carried) = await scope.NextAsync(channel.Reader);
        while (any)
        {
            List<T> batch = [carried!];
            long left = (limits.Bytes?.BytesMax ?? long.MaxValue) - SizeOf(carried!);
            long began = time.GetTimestamp();
            any = false;
            while (batch.Count < limits.CountMax && left > 0
                && await InTimeAsync(scope, channel.Reader, Left(limits.Age, began, time), time))
            {
                (any, carried) = await scope.NextAsync(channel.Reader);
                if (!any || SizeOf(carried!) > left)
                {
                    break;
                }

                left -= SizeOf(carried!);
                batch.Add(carried!);
                any = false;
            }

            yield return batch;
            if (!any)
            {
                (any, carried) = await scope.NextAsync(channel.Reader);
            }
        }

        long SizeOf(T item) => limits.Bytes?.SizeOf(item) ?? 0;
    }

    private static TimeSpan Left(TimeSpan? age, long began, TimeProvider time) => age is { } longest
        ? longest - time.GetElapsedTime(began)
        : Timeout.InfiniteTimeSpan;

    // Whether something is there, or the end, before the time is over.
    private static async ValueTask<bool> InTimeAsync<T>(
        StreamScope scope, ChannelReader<T> reader, TimeSpan left, TimeProvider time)
    {
        if (left != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)
        {
            return false;
        }

        using CancellationTokenSource late = new(left, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(scope.Token, late.Token);
        try
        {
            await scope.StepAsync(reader.WaitToReadAsync(either.Token));
            return true;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !scope.Token.IsCancellationRequested)
        {
            return false;
        }
    }
}
