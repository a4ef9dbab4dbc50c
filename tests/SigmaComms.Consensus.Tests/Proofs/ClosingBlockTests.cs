using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Proofs;

/// <summary>An epoch's end, closing blocks after it that a quorum finalized too, and the next epoch.</summary>
public sealed class ClosingBlockTests
{
    private readonly ProvenLog _log = new();
    private readonly BlockHeader _end;
    private readonly BlockHeader _closing;
    private readonly BlockHeader _second;
    private readonly BlockHeader _first;

    public ClosingBlockTests()
    {
        _log.ChangeEpoch();
        _log.Append(isEpochEnd: false);
        (_end, _first) = (_log.Headers[^2], _log.Headers[^1]);
        MountainRange before = _log.Headers.Take(_log.Headers.Count - 1).Aggregate(
            MountainRange.Empty, (range, header) => range.Append(header.ComputeDigest()));
        _closing = Child(_end, before);
        _second = Child(_closing, before.Append(_closing.ComputeDigest()));
    }

    [Fact]
    public void Of_a_closing_block_and_the_next_epochs_first_one_at_the_same_height_only_the_latter_is_shown_final()
    {
        FinalityProof ofClosing = ProvenLog.FinalityOf(_closing, _log.First, 0, []);
        FinalityProof ofFirst = ProvenLog.FinalityOf(_first, _log.Current, 0, []);
        bool isClosingFinal = _log.Verifier(_log.First).IsFinal(_closing, ofClosing);
        bool isFirstFinal = _log.Verifier(_log.Current).IsFinal(_first, ofFirst);

        Assert.Equal(_closing.Height, _first.Height);
        Assert.NotEqual(_closing.ComputeDigest(), _first.ComputeDigest());
        Assert.True(ofClosing.Certificate.IsQuorumOf(_log.First));
        Assert.False(isClosingFinal);
        Assert.True(isFirstFinal);
    }

    [Fact]
    public void A_finalization_of_a_closing_block_shows_the_epochs_end_final_and_hands_over()
    {
        FinalityProof proof = ProvenLog.FinalityOf(_second, _log.First, 0, [_closing, _second]);
        EpochHandover handover = new(_end, proof, _log.Openings[^2], _log.Current);

        Assert.True(_log.Verifier(_log.First).IsFinal(_end, proof));
        Assert.Equal(_log.Current.Members, _log.Verifier(_log.First).Follow(handover)!.Validators.Members);
        Assert.False(_log.Verifier(_log.First).IsFinal(
            _closing, ProvenLog.FinalityOf(_second, _log.First, 0, [_second])));
    }

    [Fact]
    public void A_state_or_a_history_under_a_closing_block_proves_nothing()
    {
        FinalityProof proof = ProvenLog.FinalityOf(_second, _log.First, 0, []);
        MountainRange history = _log.Headers.Take(_log.Headers.Count - 1).Append(_closing).Aggregate(
            MountainRange.Empty, (range, header) => range.Append(header.ComputeDigest()));
        StateProof state = new(_second with { StateRoot = _log.Openings[^2].Root }, proof, _log.Openings[^2]);

        Assert.Equal(history.Root, _second.HistoryRoot);
        Assert.False(new HistoryLink(_second, history.Prove(_closing.Height.Value)!).Leads(_closing));
        Assert.False(new HistoryLink(_second, history.Prove(_end.Height.Value)!).Leads(_end));
        Assert.False(state.TryVerify(MachineIds.Membership, _log.Verifier(_log.First), out _));
    }

    [Fact]
    public void A_mark_that_is_missing_misplaced_or_unknown_is_refused()
    {
        BlockHeader unmarked = _closing with { IsClosing = false };
        BlockHeader marked = _end with { IsEpochEnd = false, IsClosing = true };
        var writer = new WireWriter();
        _closing.WriteTo(writer);
        byte[] bytes = writer.ToArray();
        byte[] unknown = [.. bytes[..^1], 3];

        Assert.False(_log.Verifier(_log.First).IsFinal(
            _end, ProvenLog.FinalityOf(unmarked, _log.First, 0, [unmarked])));
        Assert.False(_log.Verifier(_log.First).IsFinal(
            _log.Headers[^3], ProvenLog.FinalityOf(marked, _log.First, 0, [marked])));
        Assert.Equal(_closing, Read(bytes));
        Assert.Null(Read(unknown));
    }

    private static BlockHeader? Read(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        BlockHeader header = BlockHeader.Read(ref reader);
        return reader.AtEnd ? header : null;
    }

    private static BlockHeader Child(BlockHeader parent, MountainRange before) => new(
        parent.Epoch, parent.View.Next, parent.Height.Next, parent.ComputeDigest(), parent.View,
        CommandBody.Empty.Root, parent.StateRoot, before.Root, parent.Timestamp + 1, false, IsClosing: true);
}
