using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Control;

/// <summary>Watches the control log at the nodes of a cluster, and waits for what is asserted.</summary>
internal sealed class ControlWatch(RunningCluster cluster) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, ControlSocket> _sockets = new();

    public static IReadOnlyList<string> All { get; } = ["n1", "n2", "n3", "n4"];

    public ControlSocket this[string node] => _sockets.GetOrAdd(
        node, name => new ControlSocket(Path.Combine(cluster.NodeFolder(name), "node.sock")));

    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="otherwise">What to say if it never comes.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, otherwise());
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Waits until a node's replica stands as it should.</summary>
    public async Task<JsonElement> UntilAsync(string node, string what, Func<JsonElement, bool> fits)
    {
        JsonElement? status = null;
        await UntilAsync(
            async () => (status = await this[node].StatusAsync()) is { } found && fits(found),
            () => $"{node} is not {what}: {status}");
        return status!.Value;
    }

    /// <summary>Waits until a node has a block; it may have to hear of it first.</summary>
    public Task<JsonElement> FollowsAsync(string node, ulong height) =>
        UntilAsync(node, $"at block {height}", status => HeightOf(status) >= height);

    /// <summary>Waits until nodes stand at the same block, which is the same history too.</summary>
    public Task AgreeAsync(params IReadOnlyList<string> nodes)
    {
        JsonElement?[] seen = [];
        return UntilAsync(
            async () =>
            {
                seen = await Task.WhenAll(nodes.Select(node => this[node].StatusAsync()));
                return seen.All(status => status is not null)
                    && seen.Select(status => (HeightOf(status!.Value), TextOf(status.Value, "digest")))
                        .Distinct().Count() == 1;
            },
            () => $"no agreement: {string.Join('\n', seen)}");
    }

    /// <summary>Orders a command that changes nothing through a node; the height of its block.</summary>
    public async Task<ulong> OrderAsync(string node) => HeightOf(JsonElement.Parse((await SigmaProcess.SucceedAsync(
        cluster.Home, "control", "propose-noop", "--node", node, "--timeout", "100", "--json")).Data));

    /// <summary>The same where it cannot become final.</summary>
    public async Task<Finished> FailToOrderAsync(string node, int seconds)
    {
        Finished ordered = await SigmaProcess.RunAsync(
            cluster.Home, "control", "propose-noop", "--node", node, "--timeout",
            seconds.ToString(CultureInfo.InvariantCulture));
        Assert.True(ordered.ExitCode == 6, ordered.ToString());
        return ordered;
    }

    /// <summary>What a node says now.</summary>
    public async Task<JsonElement> StatusAsync(string node) => await UntilAsync(node, "answering", _ => true);

    /// <summary>What a node says of a member of the cluster.</summary>
    public async Task<JsonElement> MemberAsync(string asked, NodeId node, string what, Func<JsonElement, bool> fits)
    {
        JsonElement? member = null;
        await UntilAsync(
            async () =>
            {
                IReadOnlyList<JsonElement>? members = await this[asked].MembersAsync();
                JsonElement[] named = [.. (members ?? []).Where(known => TextOf(known, "node") == node.ToString())];
                member = named.Length == 1 ? named[0] : null;
                return member is { } found && fits(found);
            },
            () => $"{asked} does not say that it is {what}: {member}");
        return member!.Value;
    }

    public NodeId IdOf(string name)
    {
        JsonElement known = FileNodes().Single(found => TextOf(found, "name") == name);
        Assert.True(NodeId.TryParse(TextOf(known, "id"), out NodeId id), known.ToString());
        return id;
    }

    public string NameOf(string id) => TextOf(FileNodes().Single(known => TextOf(known, "id") == id), "name");

    public static ulong HeightOf(JsonElement status) => status.GetProperty("height").GetUInt64();

    public static string TextOf(JsonElement found, string property) => found.GetProperty(property).GetString()!;

    public static bool IsVoting(JsonElement status) => status.GetProperty("isVoting").GetBoolean();

    public static bool IsRunning(JsonElement status) => TextOf(status, "state") == "running";

    public void Dispose()
    {
        foreach (ControlSocket socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    private IEnumerable<JsonElement> FileNodes() =>
        JsonElement.Parse(File.ReadAllText(cluster.ClusterFile)).GetProperty("nodes").EnumerateArray();
}
