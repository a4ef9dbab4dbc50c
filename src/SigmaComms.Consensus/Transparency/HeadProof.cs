using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// A final block's state, that its key directory goes on from the one the asker knows, and what was asked of it. Byte
/// table: docs/formats/log-answer.md.
/// </summary>
/// <param name="State">The block, its finality and the parts of its state.</param>
/// <param name="Directory">The parts of the key directory's root.</param>
/// <param name="Consistency">Shows that its history begins with the one the asker knows.</param>
/// <param name="Name">What it has of the name that was asked for; null if none was.</param>
/// <param name="Member">What it has of the node that was asked for; null if none was.</param>
public sealed record HeadProof(
    StateProof State,
    DirectoryOpening Directory,
    ConsistencyProof Consistency,
    NameProof? Name,
    MemberProof? Member)
{
    /// <summary>What it has of the vault that was asked for; null if none was.</summary>
    public VaultProof? Vault { get; init; }

    /// <summary>All members; null if they were not asked for.</summary>
    public MembersProof? Members { get; init; }

    /// <summary>Whether it has parts that only the second format has.</summary>
    internal bool IsExtended => Vault is not null || Members is not null;

    internal void WriteTo(WireWriter writer)
    {
        State.WriteTo(writer);
        Directory.WriteTo(writer);
        Consistency.WriteTo(writer);
        writer.Flag(Name is not null);
        Name?.WriteTo(writer);
        writer.Flag(Member is not null);
        Member?.WriteTo(writer);
        if (IsExtended)
        {
            writer.Flag(Vault is not null);
            Vault?.WriteTo(writer);
            writer.Flag(Members is not null);
            Members?.WriteTo(writer);
        }
    }

    internal static bool TryRead(ref WireReader reader, bool isExtended, [NotNullWhen(true)] out HeadProof? proof)
    {
        proof = null;
        if (!StateProof.TryRead(ref reader, out StateProof? state))
        {
            return false;
        }

        DirectoryOpening directory = DirectoryOpening.Read(ref reader);
        if (!ConsistencyProof.TryRead(ref reader, out ConsistencyProof? consistency))
        {
            return false;
        }

        NameProof? name = null;
        MemberProof? member = null;
        if ((reader.Flag() && !NameProof.TryRead(ref reader, out name))
            || (reader.Flag() && !MemberProof.TryRead(ref reader, out member))
            || reader.Failed)
        {
            return false;
        }

        VaultProof? vault = null;
        MembersProof? members = null;
        if (isExtended
            && ((reader.Flag() && !VaultProof.TryRead(ref reader, out vault))
                || (reader.Flag() && !MembersProof.TryRead(ref reader, out members))
                || reader.Failed || (vault is null && members is null)))
        {
            return false;
        }

        proof = new HeadProof(state, directory, consistency, name, member) { Vault = vault, Members = members };
        return true;
    }
}
