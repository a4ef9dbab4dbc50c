using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Control;

/// <summary>Which nodes of the data folder a command about the control log asks.</summary>
internal static class ControlNodes
{
    /// <summary>The cluster, which must have a control log.</summary>
    /// <exception cref="CommandException">It has none.</exception>
    public static ClusterFile RequireLog(CommandContext context)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        return cluster.HasControlLog
            ? cluster
            : throw new CommandException(
                ExitCode.NotFound,
                $"{cluster.Name} has no control log",
                "its cluster.json names none: it was made before there was one",
                "a cluster gets its log when it is made: sigma cluster init in another folder");
    }

    /// <summary>The named node, or all.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static LocalNode[] Of(CommandContext context, string? name)
    {
        LocalNode[] nodes = name is null
            ? [.. context.Home.NodeNames().Select(found => new LocalNode(context.Home, found, context.Time))]
            : [NodeChoice.Of(context, name)];
        return nodes.Length > 0
            ? nodes
            : throw new CommandException(
                ExitCode.NotFound, "no node to ask", $"{context.Home.NodesFolder} holds none",
                "make a cluster: sigma cluster up; or name its data folder with --home");
    }

    /// <summary>The named node, or all that run.</summary>
    /// <exception cref="CommandException">None runs.</exception>
    public static LocalNode[] Running(CommandContext context, string? name)
    {
        LocalNode[] nodes = Of(context, name);
        LocalNode[] running = [.. nodes.Where(node => node.Running is not null)];
        return running.Length > 0
            ? running
            : throw new CommandException(
                ExitCode.Unavailable,
                name is null ? "no node of this data folder runs" : $"{name} does not run",
                $"{context.Home.NodesFolder} holds {string.Join(", ", nodes.Select(node => node.Name))}",
                "start them: sigma cluster up, or sigma node start NAME");
    }
}
