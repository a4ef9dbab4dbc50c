using System.CommandLine;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Node.Control;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>A verb that has the validators which run here support a change of what one node is.</summary>
internal abstract class ProposalVerb : Verb
{
    private readonly Argument<string> _changed = new("node") { Description = "The node's name, or its id" };
    private readonly Option<string?> _by = NodeOption.Create("The one validator that supports it; else all here");
    private readonly CountOption _timeout = TimeoutOption.Create();

    /// <summary>Names the verb.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="example">A whole command line.</param>
    protected ProposalVerb(string name, string description, string example)
        : base(name, description, example)
    {
        Add(_changed);
        Add(_by);
        Add(_timeout);
        Runs(RunAsync);
    }

    /// <summary>The change, and what it does in words that follow the node's name.</summary>
    /// <param name="context">The command.</param>
    /// <param name="changed">The node.</param>
    /// <exception cref="CommandException">The arguments make none.</exception>
    protected abstract (MembershipChange Change, string What) ChangeOf(CommandContext context, NodeId changed);

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        NodeNames names = new(context.Home, ControlNodes.RequireLog(context));
        NodeId changed = names.Find(context.Arguments.GetRequiredValue(_changed));
        (MembershipChange change, string what) = ChangeOf(context, changed);
        MembershipOrder order = new(
            change, $"{names.Of(changed)} {what}", TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout)));
        return order.RunAsync(context, ControlNodes.Running(context, context.Arguments.GetValue(_by)));
    }
}
