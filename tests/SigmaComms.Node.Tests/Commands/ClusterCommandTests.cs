using System.Text.Json;
using SigmaComms.Consensus.Membership;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Commands;

public sealed class ClusterCommandTests
{
    [Fact]
    public async Task Init_makes_keys_admissions_configurations_and_completed_seed_files()
    {
        using TemporaryFolder home = new();

        CommandRun run = await CommandRun.OfAsync("cluster", "init", "--home", home.Path, "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        ClusterFile cluster = ClusterFile.Load(home["cluster.json"]);
        Assert.Equal(cluster.Cluster.ToString(), JsonOf(run.Data).GetProperty("cluster").GetString());
        foreach (string name in new[] { "n1", "n2", "n3", "n4" })
        {
            NodeFolder folder = new SigmaHome(home.Path).Node(name);
            Assert.True(NodeAdmission.TryDecode(File.ReadAllBytes(folder.AdmissionFile), out NodeAdmission? admission));
            Assert.Equal(
                AdmissionVerdict.Valid,
                admission!.Verify(cluster.OperatorPublicKey.Span, cluster.Cluster, TimeProvider.System.GetUtcNow()));
            Assert.Equal(32, new FileInfo(folder.KeyFile).Length);
        }

        SeedFile seed = ConfigurationObject.ReadFile(home["seed-nodes/n1.json"], SeedFile.Read);
        Assert.Equal(1952, seed.PublicKey.Length);
        Assert.False(File.Exists(home["seed-nodes/n4.json"]));
    }

    [Fact]
    public async Task Init_never_replaces_a_cluster()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        byte[] before = File.ReadAllBytes(home["operator.key"]);

        CommandRun again = await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        Assert.Equal(ExitCode.Failure, again.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(home["operator.key"]));
    }

    [Fact]
    public async Task A_cluster_that_does_not_run_is_unavailable()
    {
        using TemporaryFolder home = new();
        File.WriteAllText(home["plan.json"], """
            { "version": 1, "name": "c", "nodes": [ { "name": "a", "listen": "127.0.0.1:1" } ] }
            """);
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path, "--config", home["plan.json"]);

        CommandRun status = await CommandRun.OfAsync("cluster", "status", "--home", home.Path);
        CommandRun node = await CommandRun.OfAsync("node", "status", "a", "--home", home.Path);
        CommandRun down = await CommandRun.OfAsync("cluster", "down", "--home", home.Path);

        Assert.Equal(ExitCode.Unavailable, status.ExitCode);
        Assert.Equal(ExitCode.Unavailable, node.ExitCode);
        Assert.Equal((ExitCode.Ok, "No node was running\n"), (down.ExitCode, down.Data));
    }

    [Fact]
    public async Task A_cluster_of_which_no_node_answers_names_them_all_and_how_to_start_it()
    {
        using TemporaryFolder home = new();
        File.WriteAllText(home["plan.json"], """
            { "version": 1, "name": "c", "nodes": [
              { "name": "a", "listen": "127.0.0.1:1" }, { "name": "b", "listen": "127.0.0.1:2" } ] }
            """);
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path, "--config", home["plan.json"]);

        CommandRun status = await CommandRun.OfAsync("cluster", "status", "--home", home.Path);

        Assert.Contains("no answer from 127.0.0.1:1", status.Notes, StringComparison.Ordinal);
        Assert.Contains("no answer from 127.0.0.1:2", status.Notes, StringComparison.Ordinal);
        Assert.Contains("  next: start them where they are: sigma cluster up", status.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "run", "../x")]
    [InlineData("node", "status", "..")]
    [InlineData("node", "admit", "a/b")]
    [InlineData("node", "join", "n5", "--listen", "0.0.0.0:7100")]
    [InlineData("node", "join", "n5", "--listen", "127.0.0.1:7100", "--advertise", "[::]:7100")]
    public async Task A_node_needs_a_name_of_its_folder_and_an_address_that_can_be_reached(params string[] arguments)
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        CommandRun run = await CommandRun.OfAsync([.. arguments, "--home", home.Path]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.False(Directory.Exists(home["nodes/n5"]));
    }

    [Fact]
    public async Task A_node_that_is_not_there_can_be_neither_started_nor_stopped_and_one_at_rest_stays_so()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        CommandRun start = await CommandRun.OfAsync("node", "start", "n9", "--home", home.Path);
        CommandRun stop = await CommandRun.OfAsync("node", "stop", "n9", "--home", home.Path);
        CommandRun rest = await CommandRun.OfAsync("node", "stop", "n1", "--home", home.Path);

        Assert.Equal((ExitCode.NotFound, ExitCode.NotFound), (start.ExitCode, stop.ExitCode));
        Assert.Equal((ExitCode.Ok, "n1 was not running\n"), (rest.ExitCode, rest.Data));
    }

    [Fact]
    public async Task Without_a_cluster_file_it_is_not_found()
    {
        using TemporaryFolder home = new();

        CommandRun run = await CommandRun.OfAsync("cluster", "status", "--home", home.Path);

        Assert.Equal(ExitCode.NotFound, run.ExitCode);
        Assert.Contains("sigma cluster up", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_node_must_be_admitted_before_it_runs()
    {
        using TemporaryFolder home = new();
        await OldCluster.MakeAsync(home);
        string[] join = ["node", "join", "n5", "--listen", "127.0.0.1:7105", "--home", home.Path];

        CommandRun refused = await CommandRun.OfAsync(join);
        CommandRun admitted = await CommandRun.OfAsync("node", "admit", "n5", "--home", home.Path, "--json");

        Assert.Equal(ExitCode.NotAuthorised, refused.ExitCode);
        Assert.Contains("sigma node admit", refused.Notes, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, admitted.ExitCode);
        Assert.Equal("n5", JsonOf(admitted.Data).GetProperty("name").GetString());
        Assert.True(NodeAdmission.TryDecode(File.ReadAllBytes(home["nodes/n5/node.admission"]), out _));
    }

    [Fact]
    public async Task In_a_cluster_with_a_log_a_node_asks_it_and_nobody_admits_while_no_validator_runs()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        string[] join = ["node", "join", "n5", "--listen", "127.0.0.1:7105", "--home", home.Path];

        CommandRun asked = await CommandRun.OfAsync(join);
        CommandRun admitted = await CommandRun.OfAsync("cluster", "admit", "n5", "--home", home.Path);

        AdmissionRequestFile request = AdmissionRequestFile.Load(home["nodes/n5/node.request"]);
        Assert.True(NodeRequest.TryDecode(request.Membership, out NodeRequest? membership));
        Assert.Equal(request.Id, membership.Node);
        Assert.False(membership.Place.IsValidator);
        Assert.Equal(ExitCode.NotAuthorised, asked.ExitCode);
        Assert.Equal(ExitCode.Unavailable, admitted.ExitCode);
        Assert.False(File.Exists(home["nodes/n5/node.admission"]));
    }

    [Fact]
    public async Task Only_the_operator_admits()
    {
        using TemporaryFolder home = new();
        using TemporaryFolder other = new();
        await OldCluster.MakeAsync(home);
        await CommandRun.OfAsync("cluster", "init", "--home", other.Path);
        string request = home["nodes/n1/node.request"];

        File.Copy(other["operator.key"], home["operator.key"], overwrite: true);
        CommandRun wrongKey = await CommandRun.OfAsync("node", "admit", request, "--home", home.Path);
        File.Delete(home["operator.key"]);
        CommandRun noKey = await CommandRun.OfAsync("node", "admit", request, "--home", home.Path);

        Assert.Equal(ExitCode.VerificationFailed, wrongKey.ExitCode);
        Assert.Equal(ExitCode.NotAuthorised, noKey.ExitCode);
    }

    [Fact]
    public async Task A_key_that_others_may_read_or_that_is_cut_short_is_not_used()
    {
        using TemporaryFolder home = new();
        await OldCluster.MakeAsync(home);
        string key = home["operator.key"];
        string[] admit = ["node", "admit", "n1", "--home", home.Path];

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Equal(ExitCode.NotAuthorised, (await CommandRun.OfAsync(admit)).ExitCode);
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllBytes(key, new byte[31]);
        Assert.Equal(ExitCode.VerificationFailed, (await CommandRun.OfAsync(admit)).ExitCode);
    }

    [Fact]
    public async Task An_unknown_node_cannot_be_admitted()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        Assert.Equal(ExitCode.NotFound,
            (await CommandRun.OfAsync("node", "admit", "n9", "--home", home.Path)).ExitCode);
    }

    private static JsonElement JsonOf(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
