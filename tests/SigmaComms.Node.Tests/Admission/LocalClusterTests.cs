using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Commands;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Admission;

public sealed class LocalClusterTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_plan_of_another_cluster_is_refused_and_nothing_changes()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        byte[] before = File.ReadAllBytes(home["cluster.json"]);
        File.WriteAllText(home["small.json"], """
            { "version": 1, "name": "small", "nodes": [ { "name": "s1", "listen": "127.0.0.1:1" } ] }
            """);

        CommandRun up = await CommandRun.OfAsync("cluster", "up", "--home", home.Path, "--config", home["small.json"]);

        Assert.Equal(ExitCode.Failure, up.ExitCode);
        Assert.Contains("holds the cluster local-4", up.Notes, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(home["cluster.json"]));
        Assert.False(Directory.Exists(home["nodes/s1"]));
    }

    [Fact]
    public async Task Without_a_plan_all_that_is_in_the_folder_starts_and_what_was_not_admitted_is_told()
    {
        using TemporaryFolder home = new();
        await InitAsync(home);
        foreach (string name in new[] { "n5", "n6" })
        {
            await CommandRun.OfAsync("node", "join", name, "--listen", "127.0.0.1:1", "--home", home.Path);
        }

        await CommandRun.OfAsync("node", "admit", "n5", "--home", home.Path);
        List<string> skipped = [];

        LocalCluster local = OfFolder(home, skipped);

        Assert.Equal(["a"], local.Seeds);
        Assert.Equal(["b", "n5"], local.Others);
        Assert.Contains("sigma node admit n6", Assert.Single(skipped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_is_started_again_keeps_what_it_does_not_say_of_a_node()
    {
        using TemporaryFolder home = new();
        await InitAsync(home);
        string file = home["nodes/b/node.json"];
        NodeConfiguration node = ConfigurationObject.ReadFile(file, NodeConfiguration.Read) with
        {
            Store = new StoreChoice("Host=db.example.org", "b", null),
            Telemetry = new TelemetryConfiguration { SpoolMegabytes = 5 },
        };
        node.Save(file);

        ClusterSetup.Prepare(
            new SigmaHome(home.Path), ClusterPlan.Load(home["plan.json"]), Now, SystemRandom.Instance);
        NodeConfiguration again = ConfigurationObject.ReadFile(file, NodeConfiguration.Read);

        Assert.Equal((node.Store, node.Telemetry, node.Listen), (again.Store, again.Telemetry, again.Listen));
    }

    [Fact]
    public async Task A_folder_keeps_its_nodes_configurations_and_renews_their_admissions()
    {
        using TemporaryFolder home = new();
        await InitAsync(home);
        string changed = File.ReadAllText(home["nodes/b/node.json"]).Replace(
            "127.0.0.1:2", "127.0.0.1:22", StringComparison.Ordinal);
        File.WriteAllText(home["nodes/b/node.json"], changed);
        File.Delete(home["nodes/b/node.admission"]);

        LocalCluster local = OfFolder(home, []);

        Assert.Equal(["b"], local.Others);
        Assert.Equal(changed, File.ReadAllText(home["nodes/b/node.json"]));
        Assert.True(NodeAdmission.TryDecode(File.ReadAllBytes(home["nodes/b/node.admission"]), out _));
    }

    [Fact]
    public async Task A_larger_plan_of_the_same_cluster_adds_to_it_and_a_smaller_one_takes_nothing_away()
    {
        using TemporaryFolder home = new();
        await InitAsync(home);
        ClusterPlan larger = ClusterPlan.Load(PlanOf(home, "a", "b", "c"));
        ClusterPlan smaller = ClusterPlan.Load(PlanOf(home, "a"));

        LocalCluster three = LocalCluster.OfPlan(new SigmaHome(home.Path), larger, Now, SystemRandom.Instance);
        LocalCluster one = LocalCluster.OfPlan(new SigmaHome(home.Path), smaller, Now, SystemRandom.Instance);

        Assert.Equal(["b", "c"], three.Others);
        Assert.Equal(["a"], one.Seeds.Concat(one.Others));
        Assert.Equal(["a", "b", "c"], ClusterFile.Load(home["cluster.json"]).Nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task A_folder_with_a_cluster_file_but_no_node_has_nothing_to_start()
    {
        using TemporaryFolder home = new();
        using TemporaryFolder client = new();
        await InitAsync(home);
        File.Copy(home["cluster.json"], client["cluster.json"]);

        CommandRun up = await CommandRun.OfAsync("cluster", "up", "--home", client.Path);

        Assert.Equal(ExitCode.NotFound, up.ExitCode);
        Assert.False(Directory.Exists(client["nodes"]));
    }

    private static LocalCluster OfFolder(TemporaryFolder home, List<string> skipped) =>
        LocalCluster.OfFolder(new SigmaHome(home.Path), Now, SystemRandom.Instance, skipped.Add);

    private static Task InitAsync(TemporaryFolder home) =>
        OldCluster.MakeAsync(home, "--config", PlanOf(home, "a", "b"));

    private static string PlanOf(TemporaryFolder home, params string[] names)
    {
        IEnumerable<string> nodes = names.Select(name =>
            $"{{ \"name\": \"{name}\", \"listen\": \"127.0.0.1:{name[0] - 'a' + 1}\" }}");
        string path = home["plan.json"];
        File.WriteAllText(path, $"{{ \"version\": 1, \"name\": \"c\", \"nodes\": [ {string.Join(", ", nodes)} ] }}");
        return path;
    }
}
