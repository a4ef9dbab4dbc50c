using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>All that is known of one view.</summary>
internal sealed class ViewState(View view, int validators)
{
    private const int ProposalsMax = 2;

    private readonly List<Tally> _notarizes = [];
    private readonly List<Tally> _finalizes = [];
    private readonly List<(Vote? Vote, Block Block)> _proposals = [];

    public View View => view;

    public OwnVotes Own { get; } = new();

    public Tally Nullifies { get; } = new(BallotKind.Nullify, view, default, validators);

    public Certificate? Notarization { get; private set; }

    public Certificate? Nullification { get; private set; }

    /// <summary>The first view of the run that the nullification shows to be nullified.</summary>
    public View NullifiedSince { get; private set; }

    public Certificate? Finalization { get; private set; }

    public bool IsCertified => Notarization is not null || Nullification is not null || Finalization is not null;

    /// <summary>The leader proposed twice, or what contradicts the parent.</summary>
    public bool IsLeaderFaulty { get; set; }

    /// <summary>The leader's blocks in the order in which they came; more than one is evidence.</summary>
    public IReadOnlyList<(Vote? Vote, Block Block)> Proposals => _proposals;

    public IReadOnlyList<Tally> TalliesOf(BallotKind kind) => kind switch
    {
        BallotKind.Notarize => _notarizes,
        BallotKind.Finalize => _finalizes,
        _ => [Nullifies],
    };

    /// <summary>The tally of a block, made if the voter may still open one; null if it said too much already.</summary>
    public Tally? TallyFor(BallotKind kind, Digest block, byte voter)
    {
        if (kind == BallotKind.Nullify)
        {
            return Nullifies;
        }

        List<Tally> tallies = kind == BallotKind.Notarize ? _notarizes : _finalizes;
        int said = 0;
        foreach (Tally tally in tallies)
        {
            if (tally.Block == block)
            {
                return tally;
            }

            said += tally[voter] is null ? 0 : 1;
        }

        // An equivocator fills no memory: two blocks of each validator are enough to convict it.
        if (said >= ProposalsMax)
        {
            return null;
        }

        var opened = new Tally(kind, view, block, validators);
        tallies.Add(opened);
        return opened;
    }

    public Tally? Find(BallotKind kind, Digest block)
    {
        foreach (Tally tally in TalliesOf(kind))
        {
            if (tally.Block == block)
            {
                return tally;
            }
        }

        return null;
    }

    public void Propose(Vote? vote, Block block)
    {
        for (int i = 0; i < _proposals.Count; i++)
        {
            if (_proposals[i].Block.Digest == block.Digest)
            {
                _proposals[i] = (_proposals[i].Vote ?? vote, block);
                return;
            }
        }

        if (_proposals.Count < ProposalsMax)
        {
            _proposals.Add((vote, block));
        }
    }

    public void DropProposals() => _proposals.Clear();

    /// <summary>
    /// Takes a certificate over; false if its kind is there already, and does not show a longer run to be nullified.
    /// </summary>
    public bool TryCertify(Certificate certificate, ValidatorSet set)
    {
        Invariant.Holds(certificate.View == view);
        switch (certificate.Kind)
        {
            case BallotKind.Notarize:
                // At most one block of a view is ever notarized: two quorums share an honest voter.
                Invariant.Holds(Notarization is null || Notarization.Block == certificate.Block);
                Invariant.Holds(Finalization is null || Finalization.Block == certificate.Block);
                bool isFirst = Notarization is null;
                Notarization ??= certificate;
                return isFirst;
            case BallotKind.Nullify:
                // Never both a nullification and a finalization.
                Invariant.Holds(Finalization is null);
                View since = certificate.FirstNullified(set);
                isFirst = Nullification is null || since < NullifiedSince;
                (Nullification, NullifiedSince) = isFirst ? (certificate, since) : (Nullification, NullifiedSince);
                return isFirst;
            default:
                Invariant.Holds(Nullification is null);
                Invariant.Holds(Finalization is null || Finalization.Block == certificate.Block);
                Invariant.Holds(Notarization is null || Notarization.Block == certificate.Block);
                isFirst = Finalization is null;
                Finalization ??= certificate;
                return isFirst;
        }
    }

    /// <summary>The block that was notarized or finalized, if any.</summary>
    public Digest? CertifiedBlock => Finalization?.Block ?? Notarization?.Block;

    /// <summary>The certificate by which the view is left: one that carries a block before one that does not.</summary>
    public Certificate? Exit => Notarization ?? Finalization ?? Nullification;
}
