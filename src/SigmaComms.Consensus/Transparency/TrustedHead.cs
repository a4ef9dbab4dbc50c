using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// How far somebody who trusts the validators' keys alone has verified the log: whose votes count, the last block, and
/// the key directory in it. It only goes forward. Immutable. Byte table: docs/formats/log-answer.md.
/// </summary>
public sealed class TrustedHead
{
    private const byte FormatVersion = 1;

    private TrustedHead(
        Digest cluster, ValidatorSet validators, Height height, Digest block, long timestamp,
        DirectoryOpening directory)
    {
        Cluster = cluster;
        Validators = validators;
        Height = height;
        Block = block;
        Timestamp = timestamp;
        Directory = directory;
    }

    /// <summary>The cluster's id as the log knows it.</summary>
    public Digest Cluster { get; }

    /// <summary>Who votes in the epoch of the last block.</summary>
    public ValidatorSet Validators { get; }

    /// <summary>The last block's height; 0 before the first one.</summary>
    public Height Height { get; }

    /// <summary>The last block's digest; zeros before the first one.</summary>
    public Digest Block { get; }

    /// <summary>The last block's time in UTC ticks; 0 before the first one.</summary>
    public long Timestamp { get; }

    /// <summary>The key directory before the last block.</summary>
    public DirectoryOpening Directory { get; }

    /// <summary>Where trust begins.</summary>
    /// <param name="cluster">The cluster's id as the log knows it.</param>
    /// <param name="validators">Who votes in the first epoch, from the genesis.</param>
    public static TrustedHead Genesis(Digest cluster, ValidatorSet validators) => new(
        cluster, validators, new Height(0), default, 0, DirectoryIndex.Empty.Opening);

    /// <summary>Verifies an answer to somebody who is at this head.</summary>
    /// <param name="answer">Untrusted.</param>
    /// <param name="name">The name that was asked for, or null.</param>
    /// <param name="node">The node that was asked for, or null.</param>
    /// <param name="signatures">Verifies the validators' signatures.</param>
    public HeadStep Take(LogAnswer answer, string? name, NodeId? node, ISignatureVerifier signatures) =>
        Take(answer, new HeadQuestion(name, node), signatures);

    /// <summary>Verifies an answer to somebody who is at this head.</summary>
    /// <param name="answer">Untrusted.</param>
    /// <param name="question">What was asked for.</param>
    /// <param name="signatures">Verifies the validators' signatures.</param>
    public HeadStep Take(LogAnswer answer, HeadQuestion question, ISignatureVerifier signatures)
    {
        FinalityVerifier verifier = new(Cluster, Validators, signatures);
        foreach (EpochHandover handover in answer.Handovers)
        {
            if (handover.Header.Height < Height)
            {
                return Refuse(HeadVerdict.Forked,
                    $"epoch {handover.Header.Epoch} is shown to end at block {handover.Header.Height}, before block "
                    + $"{Height} that was verified in it");
            }

            if (verifier.Follow(handover) is not { } next)
            {
                return Refuse(HeadVerdict.Forged, $"the end of epoch {verifier.Validators.Epoch} is not proven");
            }

            verifier = next;
        }

        TrustedHead followed = new(Cluster, verifier.Validators, Height, Block, Timestamp, Directory);
        return answer.Head is { } head
            ? Judge(head, verifier, question)
            : new HeadStep(HeadVerdict.Followed, followed, null, null, string.Empty);
    }

    /// <summary>The encoded head, for the own disk.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(16_384);
        writer.U8(FormatVersion).Digest(Cluster);
        ValidatorSetEncoding.Write(writer, Validators);
        writer.U64(Height.Value).Digest(Block).U64((ulong)Timestamp);
        Directory.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads a head that this side wrote.</summary>
    /// <param name="encoded">The bytes.</param>
    /// <param name="head">The head, or null.</param>
    /// <returns>False unless the bytes are a head in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out TrustedHead? head)
    {
        head = null;
        var reader = new WireReader(encoded);
        bool isKnown = reader.U8() == FormatVersion;
        Digest cluster = reader.Digest();
        if (!isKnown || !ValidatorSetEncoding.TryRead(ref reader, out ValidatorSet? validators))
        {
            return false;
        }

        Height height = new(reader.U64());
        Digest block = reader.Digest();
        ulong timestamp = reader.U64();
        DirectoryOpening directory = DirectoryOpening.Read(ref reader);
        if (!reader.AtEnd || timestamp > long.MaxValue)
        {
            return false;
        }

        head = new TrustedHead(cluster, validators, height, block, (long)timestamp, directory);
        return true;
    }

    private HeadStep Judge(HeadProof proof, FinalityVerifier verifier, HeadQuestion question)
    {
        BlockHeader header = proof.State.Header;
        if (header.Height < Height)
        {
            return Refuse(HeadVerdict.Older, $"block {header.Height} is shown, block {Height} was verified before");
        }

        if (!proof.State.TryVerify(MachineIds.KeyDirectory, verifier, out Digest directory)
            || !proof.State.Opening.TryGetMachine(MachineIds.Membership, out Digest membership))
        {
            return Refuse(
                HeadVerdict.Forged,
                $"block {header.Height} is not shown to be final in epoch {verifier.Validators.Epoch}");
        }

        Digest block = header.ComputeDigest();
        if (header.Height == Height && block != Block)
        {
            return Refuse(
                HeadVerdict.Forked, $"block {Height} is {block}, and was {Block} when it was verified before");
        }

        if (proof.Directory.Root != directory)
        {
            return Refuse(HeadVerdict.Forged, "the key directory's parts are not those of the block");
        }

        if (!Continues(proof))
        {
            // The directory is in a final block. If it is no longer, the validators took something back; else the node
            // may only have shown a wrong way from one to the other.
            bool isLonger = proof.Directory.HistoryCount > Directory.HistoryCount;
            return Refuse(
                isLonger ? HeadVerdict.Forged : HeadVerdict.Forked,
                $"the key directory with {proof.Directory.HistoryCount} updates at block {header.Height} does not go "
                + $"on from the one with {Directory.HistoryCount} updates that was verified before");
        }

        if (Missing(proof, question, directory, membership) is { } missing)
        {
            return Refuse(HeadVerdict.Forged, missing);
        }

        TrustedHead next = new(
            Cluster, verifier.Validators, header.Height, block, header.Timestamp, proof.Directory);
        return new HeadStep(HeadVerdict.Proven, next, proof.Name, proof.Member, string.Empty)
        {
            Vault = proof.Vault,
            Members = proof.Members,
        };
    }

    /// <summary>What of the question the proof does not show; null if it shows all of it and nothing else.</summary>
    private static string? Missing(HeadProof proof, HeadQuestion question, Digest directory, Digest membership)
    {
        if ((question.Name is null) != (proof.Name is null)
            || (question.Name is { } name && !proof.Name!.Verify(name, directory)))
        {
            return $"what it says of {question.Name ?? "a name"} is not in the directory's root";
        }

        if ((question.Node is null) != (proof.Member is null)
            || (question.Node is { } node && !proof.Member!.Verify(node, membership)))
        {
            return "what it says of the node is not in the membership's root";
        }

        if ((question.Vault is null) != (proof.Vault is null)
            || (question.Vault is { } vault
                && !(proof.State.Opening.TryGetMachine(MachineIds.VaultCommands, out Digest vaults)
                    && proof.Vault!.Verify(vault, vaults))))
        {
            return "what it says of the vault is not in the vaults' root";
        }

        return question.Members != (proof.Members is not null)
            || (question.Members && !proof.Members!.Verify(membership))
                ? "the members it shows are not those in the membership's root"
                : null;
    }

    // With as many updates as before nothing may differ, the map neither.
    private bool Continues(HeadProof proof) =>
        proof.Directory.Continues(Directory, proof.Consistency)
        && (proof.Directory.HistoryCount != Directory.HistoryCount || proof.Directory == Directory);

    private HeadStep Refuse(HeadVerdict verdict, string detail) => new(verdict, this, null, null, detail);
}
