using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Turns a peer's bytes into an input of the core whose signatures are all good. Never throws.</summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="cluster">The cluster's id, which every signature binds.</param>
/// <param name="signatures">Verifies.</param>
internal sealed class MessageVerifier(Digest cluster, ISignatureVerifier signatures)
{
    private const int RememberedMax = 16_384;

    private readonly VerifiedDigests _votes = new(RememberedMax);
    private readonly VerifiedDigests _groups = new(RememberedMax);
    private long _verifications;

    /// <summary>Signatures that were really verified, not remembered.</summary>
    public long Verifications => Interlocked.Read(ref _verifications);

    /// <summary>Decodes and verifies.</summary>
    /// <param name="from">The peer, by its link.</param>
    /// <param name="bytes">Untrusted bytes; must not change any more.</param>
    /// <param name="validators">The validators of the replica's epoch.</param>
    /// <param name="refused">Why there is no input.</param>
    /// <returns>The input, or null.</returns>
    public Input? Verify(
        NodeId from, ReadOnlyMemory<byte> bytes, ValidatorSet validators, out RefusedFrame refused)
    {
        refused = RefusedFrame.Malformed;
        if (!MessageCodec.TryDecode(bytes, out Message? message))
        {
            return null;
        }

        if (EpochOf(message) is { } epoch && epoch != validators.Epoch)
        {
            refused = RefusedFrame.ForeignEpoch;
            return new Input.OtherEpochSeen(from, epoch);
        }

        refused = RefusedFrame.Unsigned;
        return IsSigned(message, validators) ? new Input.VerifiedMessage(from, message) : null;
    }

    /// <summary>Whether a group's signature is good.</summary>
    public bool IsSigned(CommandGroup group)
    {
        if (_groups.Contains(group.Digest))
        {
            return true;
        }

        Interlocked.Increment(ref _verifications);
        bool isGood = signatures.Verify(
            group.SignerKey.Span, group.Signed.Span, CommandGroup.SignatureContext(cluster), group.Signature.Span);
        if (!isGood)
        {
            return false;
        }

        _groups.Add(group.Digest);
        return true;
    }

    /// <summary>Whether every vote of a certificate is signed by its voter.</summary>
    public bool IsSigned(Certificate certificate, ValidatorSet validators)
    {
        if (!certificate.IsAmong(validators))
        {
            return false;
        }

        for (int place = 0; place < certificate.Votes.Count; place++)
        {
            if (!IsSigned(certificate.VoteAt(place, validators), validators))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The epoch of whose validators a message speaks; null if the core can make use of it in every one.
    /// </summary>
    public static Epoch? EpochOf(Message message) => message switch
    {
        Message.Propose m => m.Vote.Ballot.Epoch,
        Message.VoteCast m => m.Vote.Ballot.Epoch,
        Message.Have m => m.Epoch,
        Message.Pull m => m.Epoch,
        Message.PullProposal m => m.Epoch,
        Message.PullViews m => m.Epoch,
        Message.PullBlock m => m.Epoch,
        Message.Certificates m => m.Items[0].Epoch,
        Message.BlockFound m => m.Block.Header.Epoch,
        Message.FinalBlocks m => m.Proof.Certificate.Epoch,
        _ => null,
    };

    /// <summary>Whether every signature in a message of the validators' epoch is good.</summary>
    public bool IsSigned(Message message, ValidatorSet validators) => message switch
    {
        Message.Propose m => IsSigned(m.Vote, validators) && AreSigned(m.Block),
        Message.VoteCast m => IsSigned(m.Vote, validators),
        Message.Certificates m => m.Items.All(item => IsSigned(item, validators)),
        Message.BlockFound m => AreSigned(m.Block),
        Message.FinalBlocks m => IsSigned(m.Proof.Certificate, validators) && m.Blocks.All(AreSigned),
        Message.Submit m => IsSigned(m.Group),
        _ => true,
    };

    private bool AreSigned(Block block) => block.Body.Groups.All(IsSigned);

    private bool IsSigned(Vote vote, ValidatorSet validators)
    {
        if (vote.Voter >= validators.Count || vote.Ballot.Epoch != validators.Epoch)
        {
            return false;
        }

        ReadOnlySpan<byte> key = validators[vote.Voter].VotingKey.Span;
        var writer = new WireWriter(Vote.SignatureSizeMax + key.Length + 128);
        vote.WriteTo(writer);
        Digest digest = Digest.Sha256(writer.Fixed(key).Written);
        if (_votes.Contains(digest))
        {
            return true;
        }

        Interlocked.Increment(ref _verifications);
        bool isGood = signatures.Verify(
            key, vote.Ballot.SignedMessage(vote.Incarnation), vote.Ballot.SignatureContext(cluster),
            vote.Signature.Span);
        if (isGood)
        {
            _votes.Add(digest);
        }

        return isGood;
    }
}
