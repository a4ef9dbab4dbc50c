using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Nodes;

/// <summary>Which node of the data folder a command means.</summary>
internal static class NodeChoice
{
    /// <summary>The named node.</summary>
    /// <exception cref="CommandException">The data folder holds no node of that name.</exception>
    public static LocalNode Of(CommandContext context, string name)
    {
        LocalNode node = new(context.Home, name, context.Time);
        if (File.Exists(node.Folder.ConfigurationFile))
        {
            return node;
        }

        IReadOnlyList<string> there = context.Home.NodeNames();
        throw new CommandException(
            ExitCode.NotFound,
            $"no node {name}",
            $"{context.Home.NodesFolder} holds {(there.Count > 0 ? string.Join(", ", there) : "none")}",
            there.Count > 0
                ? $"choose one of these, or make it: sigma node join {name} --listen HOST:PORT"
                : "make a cluster: sigma cluster up; or name its data folder with --home");
    }
}
