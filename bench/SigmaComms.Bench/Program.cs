using System.Runtime.InteropServices;
using SigmaComms.Bench.Channels;
using SigmaComms.Bench.Clusters;
using SigmaComms.Bench.Control;
using SigmaComms.Bench.Cryptography;
using SigmaComms.Bench.Persistence;
using SigmaComms.Bench.Remoting;
using SigmaComms.Bench.Sessions;
using SigmaComms.Bench.Telemetry;
using SigmaComms.Bench.Vaults;
using SigmaComms.Bench.Vaults.Clusters;
using SigmaComms.Bench.Vaults.Gluster;

namespace SigmaComms.Bench;

/// <summary>Runs the benches that are named, or all of them; two dashes begin options of theirs.</summary>
internal static class Program
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal);

    private static readonly SortedDictionary<string, Func<Task>> Benches = new(StringComparer.Ordinal)
    {
        ["channels"] = ChannelBench.Run,
        ["cluster"] = ClusterBench.Run,
        ["control-etcd"] = () => InFolderAsync(EtcdBench.Run),
        ["control-wal"] = () => InFolderAsync(folder =>
        {
            WalBench.Run(folder);
            return Task.CompletedTask;
        }),
        ["cluster-flood"] = ClusterBench.RunFlood,
        ["crypto-kem"] = () =>
        {
            KemBench.Run();
            return Task.CompletedTask;
        },
        ["crypto-dsa"] = MlDsaBench.Run,
        ["crypto-slh"] = SlhDsaBench.Run,
        ["journal"] = () => InFolderAsync(JournalBench.Run),
        ["remoting"] = RemotingBench.Run,
        ["sessions"] = () =>
        {
            SessionBench.Run();
            return Task.CompletedTask;
        },
        ["telemetry"] = TelemetryBench.Run,
        ["vault-keys"] = NamespaceBench.RunKeys,
        ["vault-namespace"] = NamespaceBench.Run,
        ["vault-cluster"] = () => OverNodesAsync(VaultClusterBench.Run, nodesUsual: 4),
        ["vault-gluster"] = () => OverNodesAsync(GlusterBench.Run, nodesUsual: 6),
        ["vault-erasure"] = () =>
        {
            StripeBench.RunErasure();
            return Task.CompletedTask;
        },
        ["vault-seal"] = () =>
        {
            StripeBench.RunSealing();
            return Task.CompletedTask;
        },
    };

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["--list"])
        {
            Console.WriteLine(string.Join('\n', Benches.Keys));
            return 0;
        }

        if (TakeOptions(arguments) is not { } names)
        {
            await Console.Error.WriteLineAsync("An option is --name VALUE or --name=VALUE.");
            return 2;
        }

        foreach (string name in names.Count == 0 ? [.. Benches.Keys] : names)
        {
            if (!Benches.TryGetValue(name, out Func<Task>? bench))
            {
                await Console.Error.WriteLineAsync($"There is no bench '{name}'; --list tells their names.");
                return 2;
            }

            Console.WriteLine($"# {name}");
            await bench();
        }

        return 0;
    }

    /// <summary>Takes the options out of the arguments.</summary>
    /// <returns>The names of benches; null if an option has no value.</returns>
    private static List<string>? TakeOptions(string[] arguments)
    {
        List<string> names = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(argument);
            }
            else if (argument.Split('=', 2) is [string name, string value])
            {
                Options[name[2..]] = value;
            }
            else if (i + 1 < arguments.Length)
            {
                Options[argument[2..]] = arguments[++i];
            }
            else
            {
                return null;
            }
        }

        return names;
    }

    /// <summary>Runs a bench whose processes and mounts are to end with it, also when it is interrupted.</summary>
    private static async Task OverNodesAsync(Func<VaultBenchOptions, CancellationToken, Task> run, int nodesUsual)
    {
        VaultBenchOptions options = VaultBenchOptions.Read(Options, nodesUsual);
        using CancellationTokenSource stop = new();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            await run(options, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted; what was started is ended.");
        }
    }

    private static async Task InFolderAsync(Func<string, Task> run)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sigma-bench-");
        try
        {
            await run(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
