using System.Globalization;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>Nodes whose disk is full or read-only; they join a cluster of this class alone.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DiskTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    [SmallDiskFact]
    public async Task A_node_whose_disk_is_full_refuses_and_the_others_serve()
    {
        using SmallDisk disk = new(sizeMiB: 8);
        string home = Path.Combine(disk.Path, "home");
        Directory.CreateDirectory(home);
        File.Copy(cluster.ClusterFile, Path.Combine(home, "cluster.json"));
        string[] join = ["node", "join", "n8", "--listen", Endpoint(FreePorts.Take(1)[0])];
        await SigmaProcess.RunAsync(home, join);
        await AdmitAsync(Path.Combine(home, "nodes", "n8"));
        await using SigmaProcess node = SigmaProcess.Start(home, join);
        await node.NoteAsync(note => note.Contains("takes part", StringComparison.Ordinal));
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        await using Agent atBeta = await beta.StartAgentAsync("n2");

        FillUp(Path.Combine(disk.Path, "filler"));
        string large = new('x', 30_000);
        Task[] sending =
            [.. Enumerable.Range(0, 100).Select(i => atAlpha.SendAsync(beta.Name, large + Text(i)))];
        await Task.WhenAll(sending);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => large + Text(i)), atBeta.ReceiveTexts(100));
        atBeta.AssertNothingLeft();
        node.Signal(15);
        await node.WaitAsync();
    }

    [SmallDiskFact]
    public async Task A_journal_that_cannot_be_written_is_told_at_the_start()
    {
        using SmallDisk disk = new(sizeMiB: 8);
        string home = cluster.NewHome("read-only");
        string[] join = ["node", "join", "n9", "--listen", Endpoint(FreePorts.Take(1)[0])];
        await SigmaProcess.RunAsync(home, join);
        string folder = Path.Combine(home, "nodes", "n9");
        await AdmitAsync(folder);
        Directory.Delete(Path.Combine(folder, "data"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), disk.Path);
        disk.MakeReadOnly();

        Finished finished = await SigmaProcess.RunAsync(home, join);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains(Path.Combine(folder, "data"), finished.Notes, StringComparison.Ordinal);
        Assert.Contains("  next: make room", finished.Notes, StringComparison.Ordinal);
    }

    private static string Endpoint(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"message {number}");

    private Task AdmitAsync(string folder) => SigmaProcess.SucceedAsync(
        cluster.Home,
        "node",
        "admit",
        Path.Combine(folder, "node.request"),
        "--out",
        Path.Combine(folder, "node.admission"));

    private static void FillUp(string path)
    {
        using FileStream filler = File.Create(path);
        try
        {
            byte[] block = new byte[64 * 1024];
            while (true)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
