using System.Diagnostics;
using System.Globalization;
using SigmaComms.Actors;

namespace SigmaComms.Bench.Remoting;

/// <summary>
/// Messages between actors of two nodes, over the sealed links of the nodes on loopback; both nodes are in this
/// process, so the time of all cores is that of both ends.
/// </summary>
internal static class RemotingBench
{
    private const int MessageBytes = 100;
    private const int Rounds = 7;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task Run()
    {
        await using NodePair pair = await NodePair.StartAsync();
        await using var near = new ActorSystem("near");
        await using var far = new ActorSystem("far");
        IActorRef echo = await pair.FindAsync("echo", far.ActorOf(Props.Create<Echo>()));
        foreach ((int window, int count) in ((int, int)[])[(1, 20_000), (500, 300_000)])
        {
            await MeasureAsync(near, echo, window, count / 10);
            List<(double PerSecond, double Cpu)> runs = [];
            for (int i = 0; i < Rounds; i++)
            {
                runs.Add(await MeasureAsync(near, echo, window, count));
            }

            double[] rates = [.. runs.Select(static run => run.PerSecond).Order()];
            double[] cpu = [.. runs.Select(static run => run.Cpu).Order()];
            string what = window == 1 ? "round trips" : $"messages of {MessageBytes} B and as many answers";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"window {window,3}: {what}: median {rates[Rounds / 2]:N0}/s, best {rates[^1]:N0}/s; "
                + $"time of all cores for one, there and back: median {cpu[Rounds / 2]:N2} us, least {cpu[0]:N2} us"));
        }
    }

    private static async Task<(double PerSecond, double CpuMicroseconds)> MeasureAsync(
        ActorSystem near, IActorRef echo, int window, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        IActorRef ping = near.ActorOf(Props.Create(() => new Ping(echo, window, count, done)));
        await done.Task.WaitAsync(Limit);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        ping.Tell(PoisonPill.Instance);
        return (count / seconds, cpu.TotalMicroseconds / count);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void Handle(object message) => Sender?.Tell(message, Self);
    }

    private sealed class Ping(IActorRef echo, int window, int count, TaskCompletionSource done) : UntypedActor
    {
        private readonly byte[] _message = new byte[MessageBytes];
        private int _toSend = count;
        private int _toCome = count;

        protected override ValueTask PreStart()
        {
            for (int i = 0; i < window; i++)
            {
                Send();
            }

            return ValueTask.CompletedTask;
        }

        protected override void Handle(object message)
        {
            Send();
            if (--_toCome == 0)
            {
                done.SetResult();
            }
        }

        private void Send()
        {
            if (_toSend-- > 0)
            {
                echo.Tell(_message, Self);
            }
        }
    }
}
