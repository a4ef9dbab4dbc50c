using System.Text.Json.Nodes;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>Four nodes whose control logs are small enough to be moved to other disks.</summary>
public sealed class SmallLogCluster : RunningCluster
{
    internal string LogFolder(string node) => Path.Combine(NodeFolder(node), "data", "control");

    /// <summary>Moves a node's part of the control log to a disk, or back to where it was, with a restart.</summary>
    /// <param name="node">The node.</param>
    /// <param name="disk">The disk; null for none.</param>
    internal async Task MoveLogAsync(string node, string? disk)
    {
        await SigmaProcess.SucceedAsync(Home, "node", "stop", node);
        string folder = LogFolder(node);
        string moved = disk is null ? folder + ".moved" : Path.Combine(disk, "control");
        SystemTool.Succeed("cp", "--archive", "--dereference", folder, moved);
        if (new FileInfo(folder).LinkTarget is null)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            File.Delete(folder);
        }

        if (disk is null)
        {
            Directory.Move(moved, folder);
        }
        else
        {
            Directory.CreateSymbolicLink(folder, moved);
        }

        await UpAsync();
    }

    private protected override async Task PrepareAsync()
    {
        await SigmaProcess.SucceedAsync(Home, "cluster", "init", "--config", Plan);
        for (int i = 0; i < NodeCount; i++)
        {
            string file = Path.Combine(NodeFolder(NameOf(i)), "node.json");
            JsonNode configuration = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
            configuration["control"] = new JsonObject { ["segmentMiB"] = 1 };
            await File.WriteAllTextAsync(file, configuration.ToJsonString());
        }
    }
}
