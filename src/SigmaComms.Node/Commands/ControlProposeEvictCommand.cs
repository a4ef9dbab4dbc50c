using System.CommandLine;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control propose-evict, and sigma node evict.</summary>
internal sealed class ControlProposeEvictCommand : Verb
{
    private readonly Argument<string> _evicted = new("node") { Description = "The node's name, or its id" };
    private readonly Option<string?> _node = NodeOption.Create("The one validator that supports it; else all here");
    private readonly CountOption _timeout = TimeoutOption.Create();

    /// <summary>Names the verb.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="example">A whole command line.</param>
    public ControlProposeEvictCommand(string name, string example)
        : base(name, "Turns a node out of the cluster, once a quorum of validators supports it.", example)
    {
        Add(_evicted);
        Add(_node);
        Add(_timeout);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
        NodeNames names = new(context.Home, cluster);
        NodeId evicted = names.Find(context.Arguments.GetRequiredValue(_evicted));
        MembershipOrder order = new(
            new MembershipChange.Evict(evicted), $"{names.Of(evicted)} is evicted",
            TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout)));
        return order.RunAsync(context, ControlNodes.Running(context, context.Arguments.GetValue(_node)));
    }
}
