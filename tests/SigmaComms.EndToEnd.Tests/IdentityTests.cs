using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class IdentityTests(RunningCluster cluster)
{
    [Fact]
    public async Task A_wrong_password_fails_the_verification()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Dictionary<string, string> wrong = new()
        {
            ["SIGMA_PASSWORD"] = "wrong",
            ["SIGMA_CLUSTER"] = cluster.ClusterFile,
        };

        await using SigmaProcess process = SigmaProcess.Start(alpha.Home, wrong, "message", "status");
        Finished finished = await process.WaitAsync();

        Assert.Equal(5, finished.ExitCode);
        Assert.DoesNotContain("wrong\"", finished.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flipped", 5)]
    [InlineData("truncated", 5)]
    [InlineData("empty", 5)]
    [InlineData("world-readable", 4)]
    [InlineData("absent", 3)]
    public async Task A_key_store_that_is_not_as_it_was_is_refused(string damage, int exitCode)
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        byte[] content = await File.ReadAllBytesAsync(alpha.KeyStore);
        switch (damage)
        {
            case "flipped":
                content[^20] ^= 1;
                await File.WriteAllBytesAsync(alpha.KeyStore, content);
                break;
            case "truncated":
                await File.WriteAllBytesAsync(alpha.KeyStore, content[..^1]);
                break;
            case "empty":
                await File.WriteAllBytesAsync(alpha.KeyStore, []);
                break;
            case "world-readable":
                File.SetUnixFileMode(alpha.KeyStore, UnixFileMode.UserRead | UnixFileMode.OtherRead);
                break;
            default:
                File.Delete(alpha.KeyStore);
                break;
        }

        Finished finished = await alpha.RunAsync("message", "status");

        Assert.Equal(exitCode, finished.ExitCode);
        Assert.Contains("  next: ", finished.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_file_of_another_cluster_is_refused()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string other = Path.Combine(alpha.Home, "other");
        await SigmaProcess.SucceedAsync(other, "cluster", "init");

        Finished finished = await SigmaProcess.RunAsync(
            alpha.Home, "message", "status", "--cluster", Path.Combine(other, "cluster.json"));

        Assert.Equal(5, finished.ExitCode);
    }
}
