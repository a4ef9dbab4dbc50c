using System.Text;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Transparency;

public sealed class TrustedHeadTests
{
    private const string Name = "alpha";

    private readonly ShownLog _shown = new();

    [Fact]
    public void A_record_and_its_absence_are_believed_by_who_knows_the_first_validators_alone()
    {
        _shown.Publish(ShownLog.Record(Name));

        HeadStep there = Take(_shown.Genesis, _shown.Show(_shown.Genesis, Name), Name);
        HeadStep nobody = Take(there.Head, _shown.Show(there.Head, "nobody"), "nobody");

        Assert.Equal(HeadVerdict.Proven, there.Verdict);
        Assert.Equal(ShownLog.Record(Name), there.Name!.Record.ToArray());
        Assert.Equal((ulong)_shown.Last, there.Head.Height.Value);
        Assert.Equal(1UL, there.Head.Directory.HistoryCount);
        Assert.Equal(HeadVerdict.Proven, nobody.Verdict);
        Assert.True(nobody.Name!.IsAbsent);
    }

    [Fact]
    public void A_head_is_followed_over_epochs_with_or_without_pages_between()
    {
        _shown.Publish(ShownLog.Record(Name));
        TrustedHead first = Take(_shown.Genesis, _shown.Show(_shown.Genesis, Name), Name).Head;
        _shown.ChangeEpoch();
        _shown.Publish(ShownLog.Record("beta", 2));

        HeadStep whole = Take(first, _shown.Show(first, "beta"), "beta");
        HeadStep page = Take(first, new LogAnswer(_shown.Handovers, null), "beta");
        HeadStep rest = Take(page.Head, _shown.Show(page.Head, "beta"), "beta");

        Assert.Equal(HeadVerdict.Proven, whole.Verdict);
        Assert.Equal(HeadVerdict.Followed, page.Verdict);
        Assert.Equal((2UL, first.Height), (page.Head.Validators.Epoch.Value, page.Head.Height));
        Assert.Equal(HeadVerdict.Proven, rest.Verdict);
        Assert.Equal(whole.Head.Encode(), rest.Head.Encode());
    }

    [Fact]
    public void Without_the_hand_over_the_next_epoch_proves_nothing()
    {
        _shown.ChangeEpoch();
        _shown.Publish(ShownLog.Record(Name));
        LogAnswer answer = _shown.Show(_shown.Genesis, Name);
        EpochHandover real = answer.Handovers[0];
        FinalityProof tooFew = ShownFinality(real.Header, voters: 2);

        HeadStep missing = Take(_shown.Genesis, answer with { Handovers = [] }, Name);
        HeadStep forged = Take(_shown.Genesis, answer with { Handovers = [real with { Finality = tooFew }] }, Name);
        HeadStep twice = Take(_shown.Genesis, answer with { Handovers = [real, real] }, Name);

        Assert.Equal(HeadVerdict.Forged, missing.Verdict);
        Assert.Equal(HeadVerdict.Forged, forged.Verdict);
        Assert.Equal(HeadVerdict.Forged, twice.Verdict);
        Assert.Same(_shown.Genesis.Validators, missing.Head.Validators);
    }

    [Fact]
    public void An_older_block_than_the_last_one_verified_is_refused_and_says_both_heights()
    {
        _shown.Publish(ShownLog.Record(Name));
        int old = _shown.Last;
        _shown.Publish(ShownLog.Record(Name, version: 2));
        TrustedHead head = Take(_shown.Genesis, _shown.Show(_shown.Genesis, Name), Name).Head;

        HeadStep older = Take(head, _shown.Show(head, Name, at: old), Name);

        Assert.Equal(HeadVerdict.Older, older.Verdict);
        Assert.Same(head, older.Head);
        Assert.Contains(
            $"block {old} is shown, block {_shown.Last} was verified", older.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_block_of_the_same_height_and_a_history_that_was_changed_are_forks()
    {
        ShownLog other = new();
        _shown.Publish(ShownLog.Record(Name));
        other.Publish(ShownLog.Record(Name, account: 2));
        TrustedHead head = Take(_shown.Genesis, _shown.Show(_shown.Genesis, Name), Name).Head;

        HeadStep sameHeight = Take(head, other.Show(head, Name), Name);
        other.Log.Append(isEpochEnd: false);
        HeadStep sameCount = Take(head, other.Show(head, Name), Name);
        other.Publish(ShownLog.Record("beta", account: 3));
        HeadStep longer = Take(head, other.Show(head, Name), Name);

        Assert.Equal(HeadVerdict.Forked, sameHeight.Verdict);
        Assert.Equal(HeadVerdict.Forked, sameCount.Verdict);
        Assert.Equal(HeadVerdict.Forged, longer.Verdict);
        Assert.Contains("does not go on from", longer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_what_was_asked_for_is_taken_as_the_answer()
    {
        _shown.Publish(ShownLog.Record(Name));
        _shown.Publish(ShownLog.Record("beta", 2));
        LogAnswer honest = _shown.Show(_shown.Genesis, Name);
        NameProof real = honest.Head!.Name!;
        NameProof ofOther = _shown.Show(_shown.Genesis, "beta").Head!.Name!;
        NameProof absent = _shown.Show(_shown.Genesis, "nobody").Head!.Name!;

        Assert.Equal(HeadVerdict.Proven, With(real));
        Assert.Equal(HeadVerdict.Forged, With(ofOther));
        Assert.Equal(HeadVerdict.Forged, With(absent));
        Assert.Equal(HeadVerdict.Forged, With(real with { Record = ShownLog.Record(Name, 9) }));
        Assert.Equal(HeadVerdict.Forged, With(absent with { Record = ShownLog.Record(Name) }));
        Assert.Equal(HeadVerdict.Forged, With(null));
        Assert.Equal(HeadVerdict.Forged, Take(_shown.Genesis, honest, name: null).Verdict);

        HeadVerdict With(NameProof? proof) => Take(
            _shown.Genesis, honest with { Head = honest.Head with { Name = proof } }, Name).Verdict;
    }

    [Fact]
    public void An_absent_name_that_is_claimed_to_be_there_is_refused()
    {
        _shown.Publish(ShownLog.Record(Name));
        NameProof there = _shown.Show(_shown.Genesis, Name).Head!.Name!;
        LogAnswer absent = _shown.Show(_shown.Genesis, "nobody");
        byte[] made = ShownLog.Record("nobody");
        NameProof claimed = there with { Record = made };

        HeadStep step = Take(
            _shown.Genesis, absent with { Head = absent.Head! with { Name = claimed } }, "nobody");

        Assert.Equal(HeadVerdict.Forged, step.Verdict);
    }

    [Fact]
    public void Members_are_shown_with_their_state_and_who_never_was_one_is_shown_to_be_none()
    {
        NodeId member = new TestNode(1).Id;
        NodeId stranger = new TestNode(40).Id;
        _shown.ChangeEpoch();

        HeadStep in1 = Take(_shown.Genesis, _shown.Show(_shown.Genesis, null, member), null, member);
        HeadStep out40 = Take(_shown.Genesis, _shown.Show(_shown.Genesis, null, stranger), null, stranger);
        HeadStep swapped = Take(_shown.Genesis, _shown.Show(_shown.Genesis, null, member), null, stranger);
        LogAnswer honest = _shown.Show(_shown.Genesis, null, member);
        MemberProof changed = honest.Head!.Member! with
        {
            Member = honest.Head.Member!.Member! with { State = MemberState.Evicted },
        };
        HeadStep lied = Take(
            _shown.Genesis, honest with { Head = honest.Head with { Member = changed } }, null, member);

        Assert.Equal((HeadVerdict.Proven, MemberState.Up), (in1.Verdict, in1.Member!.Member!.State));
        Assert.Equal(HeadVerdict.Proven, out40.Verdict);
        Assert.Null(out40.Member!.Member);
        Assert.Equal(HeadVerdict.Forged, swapped.Verdict);
        Assert.Equal(HeadVerdict.Forged, lied.Verdict);
    }

    [Fact]
    public void A_head_signed_by_fewer_than_a_quorum_or_of_another_cluster_proves_nothing()
    {
        _shown.Publish(ShownLog.Record(Name));
        LogAnswer honest = _shown.Show(_shown.Genesis, Name);
        StateProof state = honest.Head!.State;
        StateProof tooFew = state with { Finality = ShownFinality(state.Header, voters: 2) };
        TrustedHead elsewhere = TrustedHead.Genesis(Digest.Sha256([8]), _shown.Log.First);

        HeadStep few = Take(
            _shown.Genesis, honest with { Head = honest.Head with { State = tooFew } }, Name);
        HeadStep foreign = Take(elsewhere, honest, Name);

        Assert.Equal(HeadVerdict.Forged, few.Verdict);
        Assert.Equal(HeadVerdict.Forged, foreign.Verdict);
    }

    [Fact]
    public void Answers_come_back_and_damaged_ones_never_prove_anything_else()
    {
        _shown.Publish(ShownLog.Record(Name));
        _shown.ChangeEpoch();
        NodeId member = new TestNode(2).Id;
        byte[] bytes = _shown.Show(_shown.Genesis, Name, member).Encode();

        Assert.True(LogAnswer.TryDecode(bytes, out LogAnswer? back));
        Assert.Equal(bytes, back.Encode());
        Assert.Equal(HeadVerdict.Proven, Take(_shown.Genesis, back, Name, member).Verdict);
        Assert.All(Hostile.BitFlips(bytes, 1_009), flipped => Assert.False(Proves(flipped)));
        Assert.All(Hostile.Cuts(bytes, 997), cut => Assert.False(LogAnswer.TryDecode(cut, out _)));
        Assert.All(Hostile.Noise(bytes, 300, new SeededRandom(4)), noise => Assert.False(Proves(noise)));

        bool Proves(byte[] encoded) => LogAnswer.TryDecode(encoded, out LogAnswer? answer)
            && Take(_shown.Genesis, answer, Name, member) is { Verdict: HeadVerdict.Proven };
    }

    [Fact]
    public void An_answer_over_the_size_of_a_frame_or_without_content_is_none()
    {
        byte[] oversize = new byte[LogAnswer.EncodedSizeMax + 1];
        oversize[0] = 1;

        Assert.False(LogAnswer.TryDecode(oversize, out _));
        Assert.False(LogAnswer.TryDecode([1, 0, 0], out _));
        Assert.False(LogAnswer.TryDecode([1, 65, 0], out _));
        Assert.False(LogAnswer.TryDecode([], out _));
    }

    [Fact]
    public void A_head_comes_back_from_the_disk_and_a_damaged_one_does_not()
    {
        _shown.Publish(ShownLog.Record(Name));
        TrustedHead head = Take(_shown.Genesis, _shown.Show(_shown.Genesis, Name), Name).Head;
        byte[] bytes = head.Encode();

        Assert.True(TrustedHead.TryDecode(bytes, out TrustedHead? back));
        Assert.Equal(bytes, back.Encode());
        Assert.All(Hostile.Cuts(bytes, 101), cut => Assert.False(TrustedHead.TryDecode(cut, out _)));
        Assert.False(TrustedHead.TryDecode(Encoding.ASCII.GetBytes("no head"), out _));
    }

    private static HeadStep Take(TrustedHead head, LogAnswer answer, string? name, NodeId? node = null) =>
        head.Take(answer, name, node, FakeSignatures.Instance);

    private FinalityProof ShownFinality(BlockHeader header, int voters) =>
        _shown.Log.Finality((int)header.Height.Value, distance: 0, voters);
}
