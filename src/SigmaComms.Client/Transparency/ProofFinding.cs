using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Transparency;

/// <summary>What one node proved.</summary>
/// <param name="Verdict">Whether it did.</param>
/// <param name="Record">
/// The newest record of the name; null if there is none, none was asked for, or nothing is proven.
/// </param>
/// <param name="Member">The node that was asked for; null if it never was a member, or nothing is proven.</param>
/// <param name="Detail">For people: why nothing is proven.</param>
internal sealed record ProofFinding(ProofVerdict Verdict, AccountRecord? Record, Member? Member, string Detail)
{
    /// <summary>Where the vault that was asked for stands; null if there is none, or nothing is proven.</summary>
    public VaultSummary? Vault { get; init; }

    /// <summary>All members, if they were asked for and are proven; else null.</summary>
    public IReadOnlyList<Member>? Members { get; init; }

    /// <summary>Whether it is proven.</summary>
    public bool IsProven => Verdict == ProofVerdict.Proven;

    /// <summary>What speaks against using the node that was asked for, if it is proven; null if nothing does.</summary>
    public string? Objection => Member switch
    {
        null => "the control log has never admitted it",
        { State: MemberState.Evicted } member => $"it was turned out at block {member.ChangedAt} ({member.Reason})",
        _ => null,
    };

    /// <summary>The node has no proof at the moment.</summary>
    public static ProofFinding Unavailable(string why) => new(ProofVerdict.Unavailable, null, null, why);

    /// <summary>The node showed what cannot be.</summary>
    public static ProofFinding Refused(string why) => new(ProofVerdict.Refused, null, null, why);
}
