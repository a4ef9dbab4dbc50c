namespace SigmaComms.Consensus.Transparency;

/// <summary>What became of an answer about the log.</summary>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Head">What is trusted after it; the same as before unless it holds.</param>
/// <param name="Name">What is proven of the name that was asked for; only if it holds.</param>
/// <param name="Member">What is proven of the node that was asked for; only if it holds.</param>
/// <param name="Detail">For people: what was seen, if it does not hold.</param>
public sealed record HeadStep(
    HeadVerdict Verdict, TrustedHead Head, NameProof? Name, MemberProof? Member, string Detail)
{
    /// <summary>What is proven of the vault that was asked for; only if it holds.</summary>
    public VaultProof? Vault { get; init; }

    /// <summary>All members, if they were asked for; only if it holds.</summary>
    public MembersProof? Members { get; init; }
}
