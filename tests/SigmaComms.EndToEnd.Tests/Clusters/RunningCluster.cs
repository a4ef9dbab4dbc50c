using System.Globalization;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>Four real nodes on free ports, shared by the tests; each test makes its own accounts.</summary>
public class RunningCluster : IAsyncLifetime
{
    private protected const int NodeCount = 4;

    private int _lastAccount;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("sigma-e2e-").FullName;

    internal string Home => Path.Combine(Folder, "cluster");

    internal string ClusterFile => Path.Combine(Home, "cluster.json");

    internal int[] Ports { get; } = FreePorts.Take(NodeCount);

    /// <summary>What the nodes find in their environment.</summary>
    private protected virtual IReadOnlyDictionary<string, string> Variables { get; } =
        new Dictionary<string, string>();

    private protected string Plan => Path.Combine(Folder, "plan.json");

    public virtual async Task InitializeAsync()
    {
        IEnumerable<string> nodes = Enumerable.Range(0, NodeCount).Select(index =>
            $"{{ \"name\": \"{NameOf(index)}\", \"listen\": \"{ListenOf(index)}\", "
                + $"\"storage\": {{ \"volumeMiB\": 32 }}{MoreOf(index)} }}");
        await File.WriteAllTextAsync(
            Plan, $"{{ \"version\": 1, \"name\": \"e2e\", \"nodes\": [ {string.Join(", ", nodes)} ] }}");
        await PrepareAsync();
        await UpAsync();
    }

    public virtual async Task DisposeAsync()
    {
        // Where the tests are skipped none was made.
        if (Directory.Exists(Home))
        {
            await SigmaProcess.RunAsync(Home, "cluster", "down");
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the nodes that do not run, and waits until all are up.</summary>
    internal virtual async Task UpAsync()
    {
        await using SigmaProcess up = SigmaProcess.Start(Home, Variables, "cluster", "up", "--config", Plan);
        up.CloseInput();
        Finished finished = await up.WaitAsync();
        Assert.True(finished.ExitCode == 0, $"sigma cluster up\n{finished}");
    }

    internal string NodeFolder(string name) => Path.Combine(Home, "nodes", name);

    internal int ProcessOf(string name)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Path.Combine(NodeFolder(name), "node.pid")));
        return file.RootElement.GetProperty("process").GetInt32();
    }

    /// <summary>A new account with a data folder of its own.</summary>
    internal async Task<Account> NewAccountAsync(string prefix)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref _lastAccount)}");
        Account account = new(name, Path.Combine(Folder, name), ClusterFile);
        await account.SucceedAsync("identity", "new", name);
        return account;
    }

    /// <summary>A folder for a node that is no member yet.</summary>
    internal string NewHome(string name)
    {
        string home = Path.Combine(Folder, name);
        Directory.CreateDirectory(home);
        File.Copy(ClusterFile, Path.Combine(home, "cluster.json"));
        return home;
    }

    private protected static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"n{index + 1}");

    /// <summary>Where a node listens.</summary>
    private protected virtual string ListenOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports[index]}");

    /// <summary>What else the plan says of a node, beginning with a comma.</summary>
    private protected virtual string MoreOf(int index) => "";

    /// <summary>Runs when the plan is written and before the nodes start.</summary>
    private protected virtual Task PrepareAsync() => Task.CompletedTask;
}
