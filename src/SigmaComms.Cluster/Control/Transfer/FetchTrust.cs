using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// Of whom a snapshot was asked, and the validators that are known when its offer comes: those of the replica's epoch,
/// or of a later one to which hand-overs led. Written by the replica's actor; any thread may read.
/// </summary>
internal sealed class FetchTrust
{
    private Question? _question;

    /// <summary>A peer was asked.</summary>
    public void Ask(NodeId peer, ValidatorSet known) => Volatile.Write(ref _question, new Question(peer, known));

    /// <summary>Nobody is asked any more.</summary>
    public void End() => Volatile.Write(ref _question, null);

    /// <summary>The validators under whose keys the answer of a peer is verified; null if it was not asked.</summary>
    public ValidatorSet? For(NodeId peer) =>
        Volatile.Read(ref _question) is { } question && question.Peer == peer ? question.Known : null;

    private sealed record Question(NodeId Peer, ValidatorSet Known);
}
