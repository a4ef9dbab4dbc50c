using SigmaComms.Cluster.Control;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Commands;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Admission;

public sealed class ControlSetupTests
{
    [Fact]
    public async Task A_new_cluster_begins_with_all_its_nodes_as_validators_and_nobody_governs_alone()
    {
        using TemporaryFolder home = new();

        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        ClusterFile cluster = ClusterFile.Load(home["cluster.json"]);
        ControlGenesis? genesis = cluster.OpenGenesis();
        Assert.NotNull(genesis);
        Assert.Empty(genesis.Operators);
        Assert.Equal(4, genesis.Validators.Count);
        Assert.Equal(cluster.Nodes.Select(node => node.Id).Order(), genesis.Founders.Select(founder => founder.Node));
        Assert.Equal(4, genesis.Founders.Select(founder => founder.VotingKey!.KeyDigest).Distinct().Count());
    }

    [Fact]
    public async Task Voting_keys_are_in_the_nodes_folders_for_their_owner_alone()
    {
        using TemporaryFolder home = new();

        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        string folder = new SigmaHome(home.Path).Node("n1").ControlFolder;
        string keys = Path.Combine(folder, "voting-keys");
        Assert.True(File.Exists(keys));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task A_genesis_that_was_changed_or_is_another_clusters_is_not_used()
    {
        using TemporaryFolder home = new();
        using TemporaryFolder other = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        await CommandRun.OfAsync("cluster", "init", "--home", other.Path);
        ClusterFile cluster = ClusterFile.Load(home["cluster.json"]);
        byte[] changed = cluster.GenesisBytes.ToArray();
        changed[^100] ^= 1;

        CommandException damaged = Assert.Throws<CommandException>(
            () => (cluster with { GenesisBytes = changed }).OpenGenesis());
        CommandException foreign = Assert.Throws<CommandException>(
            () => (cluster with { GenesisBytes = ClusterFile.Load(other["cluster.json"]).GenesisBytes }).OpenGenesis());

        Assert.Equal(ExitCode.VerificationFailed, damaged.ExitCode);
        Assert.Equal(ExitCode.VerificationFailed, foreign.ExitCode);
    }

    [Fact]
    public async Task A_cluster_that_was_made_without_a_log_stays_without()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        ClusterFile old = ClusterFile.Load(home["cluster.json"]) with { GenesisBytes = default };
        old.Save(home["cluster.json"]);

        CommandRun status = await CommandRun.OfAsync("control", "status", "--home", home.Path);

        Assert.Null(ClusterFile.Load(home["cluster.json"]).OpenGenesis());
        Assert.Equal(ExitCode.NotFound, status.ExitCode);
        Assert.Contains("has no control log", status.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_nodes_that_do_not_run_cannot_be_asked()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        CommandRun status = await CommandRun.OfAsync("control", "status", "--home", home.Path);
        CommandRun noop = await CommandRun.OfAsync("control", "propose-noop", "--home", home.Path);
        CommandRun unknown = await CommandRun.OfAsync("control", "propose-evict", "n9", "--home", home.Path);

        Assert.Equal(ExitCode.Unavailable, status.ExitCode);
        Assert.Equal(ExitCode.Unavailable, noop.ExitCode);
        Assert.Equal(ExitCode.NotFound, unknown.ExitCode);
    }
}
