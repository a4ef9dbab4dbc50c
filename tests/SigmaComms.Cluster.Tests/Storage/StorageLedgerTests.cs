using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Storage.Workers;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class StorageLedgerTests : IDisposable
{
    private static readonly FragmentPlace First = new(1, 4_096, 8_192);
    private static readonly FragmentPlace Second = new(1, 12_288, 4_096);

    private readonly StorageDesk _desk;
    private readonly StorageLedger _ledger;

    public StorageLedgerTests()
    {
        using MlDsa65SigningKey key = new(new byte[32]);
        StorageBoundaries boundaries = new(
            () => true, () => new FaultyDisk(1), () => new InMemoryFragmentIndex(), () => { }, () => 1L << 40);
        _desk = new StorageDesk(
            new StorageOptions(), boundaries, VolumeKey.Of(key), TimeProvider.System, SystemRandom.Instance,
            NullLogger.Instance);
        _ledger = new StorageLedger(_desk, new VolumeShelf(TimeProvider.System));
        _ledger.Open(new StorageSweep(new FragmentTotals(5, 2, 1, 9), [First], 1L << 40));
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_slot_is_given_out_to_be_erased_once_and_again_only_after_that_failed_and_some_time()
    {
        FragmentPlace[] once = [.. _ledger.TakeDue()];
        _ledger.TryAgain();
        FragmentPlace[] underWay = [.. _ledger.TakeDue()];
        _ledger.EraseFailed([First]);
        FragmentPlace[] atOnce = [.. _ledger.TakeDue()];
        _ledger.TryAgain();
        FragmentPlace[] again = [.. _ledger.TakeDue()];

        Assert.Equal([First], once);
        Assert.Empty(underWay);
        Assert.Empty(atOnce);
        Assert.Equal([First], again);
    }

    [Fact]
    public void What_was_erased_is_not_erased_again_whatever_is_said_later()
    {
        _ledger.TakeDue();
        _ledger.Commit(Ended(erased: [First]));
        _ledger.EraseFailed([First]);
        _ledger.TryAgain();

        Assert.Empty(_ledger.TakeDue());
    }

    [Fact]
    public void Slots_that_are_too_many_or_were_dropped_are_due_at_once_and_doubtful_ones_later()
    {
        FragmentPlace third = new(2, 4_096, 4_096);
        _ledger.TakeDue();

        _ledger.Commit(Ended(superfluous: [Second], doubtful: [third]));
        FragmentPlace[] due = [.. _ledger.TakeDue()];
        _ledger.TryAgain();
        FragmentPlace[] later = [.. _ledger.TakeDue()];

        Assert.Equal([Second], due);
        Assert.Equal([third], later);
    }

    [Fact]
    public void A_slot_that_is_being_erased_cannot_be_dropped_once_more()
    {
        _ledger.TakeDue();

        Assert.Throws<InvalidOperationException>(() => _ledger.Commit(Ended(superfluous: [First])));
    }

    [Fact]
    public void Figures_follow_what_becomes_of_fragments()
    {
        _ledger.Commit(Ended(
            new FragmentOutcome(FragmentInsert.Entered), new FragmentOutcome(FragmentInsert.Present),
            new FragmentOutcome(FragmentInsert.Replaced, Second), new FragmentOutcome(FragmentInsert.Restored)));
        _ledger.Quarantine();
        _ledger.Remove([null, Row(FragmentState.Quarantined)]);

        Assert.Equal((7, 1, 0), (_desk.Figures.Fragments, _desk.Figures.Quarantined, _desk.Figures.Lost));
        Assert.Contains(Second, _ledger.TakeDue());
    }

    private static CommitEnded Ended(params FragmentOutcome[] outcomes) => new(1, 0, outcomes, [], [], [], []);

    private static CommitEnded Ended(
        FragmentPlace[]? erased = null, FragmentPlace[]? superfluous = null, FragmentPlace[]? doubtful = null) =>
        new(1, 0, [], [], doubtful ?? [], superfluous ?? [], erased ?? []);

    private static FragmentRow Row(FragmentState state) => new(
        Digest.Sha256("id"u8), default, new byte[16], new FragmentPlace(3, 4_096, 4_096), 1, state,
        DateTimeOffset.UnixEpoch, new byte[1]);
}
