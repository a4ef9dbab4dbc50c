using System.CommandLine;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control propose-roles.</summary>
internal sealed class ControlProposeRolesCommand : ProposalVerb
{
    private readonly Option<NodeRoles[]> _roles = new("--role")
    {
        HelpName = "ROLE",
        Description = "What it does: validator, storage, mailbox, auditor or keymanagement; may be repeated",
        Required = true,
    };

    private readonly Option<string> _zone = new("--zone")
    {
        HelpName = "ZONE",
        Description = "What fails together with it: a-z, 0-9, hyphen and dot. Default: none",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<ushort> _weight = new("--weight")
    {
        HelpName = "N",
        Description = "Its share of the load, 1 to 1000. Default 100",
        DefaultValueFactory = _ => 100,
    };

    public ControlProposeRolesCommand()
        : base(
            "propose-roles",
            "Gives a node other roles, another zone or weight, once enough validators support it.",
            "sigma control propose-roles n5 --role validator --role mailbox --zone rack-2")
    {
        Add(_roles);
        Add(_zone);
        Add(_weight);
    }

    /// <inheritdoc/>
    protected override (MembershipChange Change, string What) ChangeOf(CommandContext context, NodeId changed)
    {
        NodeRoles roles = context.Arguments.GetRequiredValue(_roles)
            .Aggregate(NodeRoles.None, (all, role) => all | role);
        NodePlace place = new(
            roles, context.Arguments.GetRequiredValue(_zone), context.Arguments.GetRequiredValue(_weight));
        if (!place.IsWellFormed)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot propose that place", "zone or weight is out of its range",
                "choose a zone of up to 32 of a-z, 0-9, hyphen and dot, and a weight from 1 to 1000");
        }

        return (new MembershipChange.Move(changed, place), $"is {roles.ToString().ToLowerInvariant()}");
    }
}
