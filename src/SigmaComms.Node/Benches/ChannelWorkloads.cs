using System.Threading.Channels;

namespace SigmaComms.Node.Benches;

/// <summary>
/// The same workloads over unbounded channels of System.Threading.Channels, each with a loop that reads it: the
/// least that somebody would write by hand, without supervision, bounds, or health.
/// </summary>
internal static class ChannelWorkloads
{
    private static readonly UnboundedChannelOptions OneReader = new() { SingleReader = true };

    public static async Task FloodAsync(int count)
    {
        Channel<object> channel = Channel.CreateUnbounded<object>(OneReader);
        Task reading = ReadAsync(channel, count);
        object message = new();
        for (int i = 0; i < count; i++)
        {
            channel.Writer.TryWrite(message);
        }

        await reading;
    }

    public static Task PingPongAsync(int count, int pairs, int window) =>
        Task.WhenAll(Enumerable.Range(0, pairs).Select(_ => PairAsync(count / pairs / 2, window)));

    public static async Task FanInAsync(int count, int senders)
    {
        Channel<object> channel = Channel.CreateUnbounded<object>(OneReader);
        int each = Math.Max(1, count / senders);
        Task reading = ReadAsync(channel, each * senders);
        object message = new();
        Task[] writing = [.. Enumerable.Range(0, senders).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                channel.Writer.TryWrite(message);
            }
        }))];
        await Task.WhenAll(writing);
        await reading;
    }

    public static async Task AskAsync(int count, int inFlight)
    {
        Channel<TaskCompletionSource<object>> channel =
            Channel.CreateUnbounded<TaskCompletionSource<object>>(OneReader);
        Task answering = Task.Run(async () =>
        {
            object answer = new();
            await foreach (TaskCompletionSource<object> question in channel.Reader.ReadAllAsync())
            {
                question.SetResult(answer);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            for (int i = 0; i < count / inFlight; i++)
            {
                TaskCompletionSource<object> question = new(TaskCreationOptions.RunContinuationsAsynchronously);
                channel.Writer.TryWrite(question);
                await question.Task;
            }
        }));
        channel.Writer.Complete();
        await answering;
    }

    public static async Task HandlersAsync(int count, bool yields)
    {
        Channel<object> channel = Channel.CreateUnbounded<object>(OneReader);
        Task reading = Task.Run(async () =>
        {
            for (int left = count; left > 0; left--)
            {
                await channel.Reader.ReadAsync();
                if (yields)
                {
                    await Task.Yield();
                }
            }
        });
        object message = new();
        for (int i = 0; i < count; i++)
        {
            channel.Writer.TryWrite(message);
        }

        await reading;
    }

    private static Task ReadAsync(Channel<object> channel, int count) => Task.Run(async () =>
    {
        int left = count;
        while (left > 0 && await channel.Reader.WaitToReadAsync())
        {
            while (channel.Reader.TryRead(out object? _))
            {
                left--;
            }
        }
    });

    private static async Task PairAsync(int count, int window)
    {
        Channel<object> pings = Channel.CreateUnbounded<object>(OneReader);
        Channel<object> pongs = Channel.CreateUnbounded<object>(OneReader);
        object ball = new();
        Task pong = Task.Run(async () =>
        {
            while (await pings.Reader.WaitToReadAsync())
            {
                while (pings.Reader.TryRead(out object? got))
                {
                    pongs.Writer.TryWrite(got);
                }
            }
        });
        for (int i = 0; i < window; i++)
        {
            pongs.Writer.TryWrite(ball);
        }

        await Task.Run(async () =>
        {
            int left = count;
            while (left >= 0 && await pongs.Reader.WaitToReadAsync())
            {
                while (left >= 0 && pongs.Reader.TryRead(out object? got))
                {
                    if (left-- > 0)
                    {
                        pings.Writer.TryWrite(got);
                    }
                }
            }
        });
        pings.Writer.Complete();
        await pong;
    }
}
