using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// Where a vault's stream stands, or that there is no such vault, with what shows it. Byte table:
/// docs/formats/log-answer.md.
/// </summary>
/// <param name="Map">What stands at the vault in the map of vaults.</param>
/// <param name="Summary">The vault's entries counted and chained; null if there is no such vault.</param>
public sealed record VaultProof(MapProof Map, VaultSummary? Summary)
{
    /// <summary>Whether this holds for a vault.</summary>
    /// <param name="vault">The vault asked for.</param>
    /// <param name="root">The trusted root of the vaults.</param>
    public bool Verify(Digest vault, Digest root) => Summary is null
        ? Map.VerifyAbsence(vault, root)
        : Summary.Id == vault && Map.VerifyPresence(vault, Summary.ComputeDigest(), root);

    internal void WriteTo(WireWriter writer)
    {
        Map.WriteTo(writer);
        writer.Flag(Summary is not null);
        Summary?.WriteTo(writer);
    }

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out VaultProof? proof)
    {
        proof = null;
        if (!MapProof.TryRead(ref reader, out MapProof? map))
        {
            return false;
        }

        VaultSummary? summary = null;
        if (reader.Flag())
        {
            VaultSummary.TryRead(ref reader, out summary);
        }

        proof = reader.Failed ? null : new VaultProof(map, summary);
        return proof is not null;
    }
}
