using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>What one sync of a volume makes durable.</summary>
/// <param name="Puts">Fragments to write.</param>
/// <param name="Erases">Slots to erase.</param>
/// <param name="Heals">Headers to write again.</param>
internal sealed record CommitBatch(
    IReadOnlyList<PendingPut> Puts, IReadOnlyList<FragmentPlace> Erases, IReadOnlyList<HealHeader> Heals)
{
    /// <summary>Bytes of the slots of all puts.</summary>
    public long PutBytes => Puts.Sum(put => (long)put.SizeBytes);

    /// <summary>Writes all of it and makes it durable, but for the index.</summary>
    public void Write(VolumeFile file, IFragmentIndex index)
    {
        foreach (FragmentPlace place in Erases)
        {
            file.Fill(place.Offset, VolumeLayout.BlockSize);
        }

        // A slot that is not used any more, or by another, must not get its old header back. Whoever takes it out of
        // the index has it erased by this worker, and that comes later.
        foreach (HealHeader heal in Heals.Where(heal => IsThere(index, heal.Row)))
        {
            SlotHeader header = new(heal.Row.Sequence, heal.Row.StoredAt, heal.ContentLength, heal.Row.Label);
            byte[] head = new byte[VolumeLayout.ContentOffset(heal.Row.Label.Length)];
            file.Sealer.Seal(heal.Row.Place.Offset, header, head);
            file.Write(heal.Row.Place.Offset, head);
        }

        foreach (PendingPut put in Puts)
        {
            put.Write(file);
        }

        file.Sync();
    }

    /// <summary>Enters it into the index.</summary>
    public IReadOnlyList<FragmentOutcome> Enter(IFragmentIndex index) =>
        index.Commit([.. Puts.Select(put => put.Row())], Erases);

    private static bool IsThere(IFragmentIndex index, FragmentRow row) =>
        index.Find(row.Id) is { State: FragmentState.Live } now
        && now.Place == row.Place
        && now.Sequence == row.Sequence;
}
