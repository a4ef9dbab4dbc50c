using System.CommandLine;

namespace SigmaComms.Node.Commands;

/// <summary>--config of the cluster commands.</summary>
internal static class PlanOption
{
    /// <summary>A new one; a parser's option belongs to one command.</summary>
    public static Option<string?> Create() => new("--config")
    {
        HelpName = "FILE",
        Description =
            "Which nodes, as cluster-config/cluster.schema.json says; else what is there, or the built-in local-4.json",
    };
}
