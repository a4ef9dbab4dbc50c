using System.Globalization;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>Four real nodes on free ports, shared by the tests; each test makes its own accounts.</summary>
public class RunningCluster : IAsyncLifetime
{
    private int _lastAccount;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("sigma-e2e-").FullName;

    internal string Home => Path.Combine(Folder, "cluster");

    internal string ClusterFile => Path.Combine(Home, "cluster.json");

    internal int[] Ports { get; } = FreePorts.Take(4);

    private string Plan => Path.Combine(Folder, "plan.json");

    public async Task InitializeAsync()
    {
        IEnumerable<string> nodes = Ports.Select((port, index) => string.Create(
            CultureInfo.InvariantCulture, $"{{ \"name\": \"n{index + 1}\", \"listen\": \"127.0.0.1:{port}\" }}"));
        await File.WriteAllTextAsync(
            Plan, $"{{ \"version\": 1, \"name\": \"e2e\", \"nodes\": [ {string.Join(", ", nodes)} ] }}");
        await UpAsync();
    }

    public async Task DisposeAsync()
    {
        await SigmaProcess.RunAsync(Home, "cluster", "down");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the nodes that do not run, and waits until all are up.</summary>
    internal async Task UpAsync() => await SigmaProcess.SucceedAsync(Home, "cluster", "up", "--config", Plan);

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
}
