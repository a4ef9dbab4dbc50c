using SigmaComms.Bench.Channels;
using SigmaComms.Bench.Clusters;
using SigmaComms.Bench.Control;
using SigmaComms.Bench.Cryptography;
using SigmaComms.Bench.Persistence;
using SigmaComms.Bench.Remoting;
using SigmaComms.Bench.Sessions;
using SigmaComms.Bench.Telemetry;
using SigmaComms.Bench.Vaults;

namespace SigmaComms.Bench;

/// <summary>Runs the benches that are named, or all of them.</summary>
internal static class Program
{
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

    private static async Task<int> Main(string[] names)
    {
        if (names is ["--list"])
        {
            Console.WriteLine(string.Join('\n', Benches.Keys));
            return 0;
        }

        foreach (string name in names.Length == 0 ? [.. Benches.Keys] : names)
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
