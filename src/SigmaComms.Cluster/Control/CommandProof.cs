using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control;

/// <summary>
/// A command and all that shows it to be in a cluster's log, to somebody who has the genesis and asks nobody: the
/// hand-overs from the first epoch to the one in which it became final, and the client proof. Byte table:
/// docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Cluster">The cluster as the log knows it.</param>
/// <param name="Command">The command.</param>
/// <param name="Handovers">From the first epoch on, one for each epoch before the certificate's.</param>
/// <param name="Proof">Leads from the command to a certificate.</param>
public sealed record CommandProof(
    Digest Cluster, Command Command, IReadOnlyList<EpochHandover> Handovers, ClientProof Proof)
{
    /// <summary>The most hand-overs: 1,024.</summary>
    public const int HandoversMax = 1_024;

    /// <summary>The most bytes of an encoded proof: 64 MiB.</summary>
    public const int EncodedSizeMax = 64 << 20;

    private const byte FormatVersion = 1;

    /// <summary>The block that has the command.</summary>
    public BlockHeader Header => Proof.Header;

    /// <summary>Checks the proof. Trusts the genesis and nothing else.</summary>
    /// <param name="genesis">How the log began: who voted first.</param>
    public CommandProofVerdict Check(ControlGenesis genesis)
    {
        ArgumentNullException.ThrowIfNull(genesis);
        if (Cluster != genesis.Cluster)
        {
            return CommandProofVerdict.ForeignCluster;
        }

        FinalityVerifier verifier = new(genesis.Cluster, genesis.Validators, MlDsa65Verifier.Instance);
        foreach (EpochHandover handover in Handovers)
        {
            if (verifier.Follow(handover) is not { } next)
            {
                return CommandProofVerdict.HandoverNotProven;
            }

            verifier = next;
        }

        return Proof.Verify(Command, verifier) ? CommandProofVerdict.Holds : CommandProofVerdict.CommandNotProven;
    }

    /// <summary>The encoded proof.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(16_384);
        writer.U8(FormatVersion).Digest(Cluster);
        Command.WriteTo(writer);
        writer.U16(checked((ushort)Handovers.Count));
        foreach (EpochHandover handover in Handovers)
        {
            handover.WriteTo(writer);
        }

        return writer.Opaque32(Proof.Encode()).ToArray();
    }

    /// <summary>Reads a proof without checking it. Never throws.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False if the bytes are no proof in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CommandProof? proof)
    {
        proof = null;
        var reader = new WireReader(bytes);
        bool isKnown = reader.U8() == FormatVersion && bytes.Length <= EncodedSizeMax;
        Digest cluster = reader.Digest();
        Command command = new(
            reader.Digest(), reader.U64(), reader.U16(), reader.Opaque24(Command.PayloadSizeMax).ToArray());
        int count = reader.U16();
        if (!isKnown || reader.Failed || !command.IsWellFormed || count > HandoversMax)
        {
            return false;
        }

        List<EpochHandover> handovers = [];
        for (int i = 0; i < count; i++)
        {
            if (!EpochHandover.TryRead(ref reader, out EpochHandover? handover))
            {
                return false;
            }

            handovers.Add(handover);
        }

        ReadOnlySpan<byte> client = reader.Opaque32(EncodedSizeMax);
        if (!reader.AtEnd || !ClientProof.TryDecode(client, out ClientProof? shown))
        {
            return false;
        }

        proof = new CommandProof(cluster, command, handovers, shown);
        return true;
    }
}
