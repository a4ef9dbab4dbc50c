using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows the root of a state machine before a final block: what the machine's own proofs start from. Byte table:
/// docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Header">The block; its state root is the state after its parent.</param>
/// <param name="Finality">Shows that it is final.</param>
/// <param name="Opening">The parts of the state root.</param>
public sealed record StateProof(BlockHeader Header, FinalityProof Finality, StateOpening Opening)
{
    /// <summary>The root of a machine, if the proof holds.</summary>
    /// <param name="machine">The machine's number.</param>
    /// <param name="verifier">Knows the validators of the block's epoch.</param>
    /// <param name="root">The root, or default.</param>
    /// <returns>False if the proof does not hold or there is no such machine.</returns>
    public bool TryVerify(ushort machine, FinalityVerifier verifier, out Digest root)
    {
        root = default;
        return Opening.Cluster == verifier.Cluster
            && Opening.Root == Header.StateRoot
            && verifier.IsFinal(Header, Finality)
            && Opening.TryGetMachine(machine, out root);
    }

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Header.WriteTo(writer);
        Finality.WriteTo(writer);
        Opening.WriteTo(writer);
    }

    /// <summary>Reads a proof without verifying it; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out StateProof? proof)
    {
        BlockHeader header = BlockHeader.Read(ref reader);
        proof = FinalityProof.TryRead(ref reader, out FinalityProof? finality)
            && StateOpening.TryRead(ref reader, out StateOpening? opening)
            ? new StateProof(header, finality, opening)
            : null;
        return proof is not null;
    }
}
