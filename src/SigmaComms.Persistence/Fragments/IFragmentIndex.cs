using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Fragments;

/// <summary>
/// Which fragments a node keeps and where. Each call that changes something is one transaction, durable when it
/// returns; after a crash the index is as after one of them.
/// </summary>
/// <remarks>
/// Safe to call from any thread; calls wait for the disk on the caller's. The world's failures are
/// <see cref="JournalException"/>. All implementations pass the same conformance tests.
/// </remarks>
public interface IFragmentIndex : IDisposable
{
    /// <summary>All volumes, by number.</summary>
    IReadOnlyList<IndexedVolume> Volumes();

    /// <summary>Enters a volume, or changes what is known of it.</summary>
    /// <param name="volume">The volume.</param>
    void SetVolume(IndexedVolume volume);

    /// <summary>
    /// A volume is gone, or is there again: its fragments that are not quarantined are lost, or live again. Of one that
    /// is gone nothing is to be erased any more; what is lost for good stays so.
    /// </summary>
    /// <param name="volume">Its number.</param>
    /// <param name="isGone">Whether it is gone.</param>
    void SetGone(int volume, bool isGone);

    /// <summary>
    /// Another volume has the number of one that was there before: all that was on that one is lost for good, and
    /// nothing of it is to be erased. Enters the new one.
    /// </summary>
    /// <param name="volume">The new one.</param>
    void ReplaceVolume(IndexedVolume volume);

    /// <summary>
    /// Enters fragments that were found in a volume, and how far it has been searched, all or nothing. A live one goes
    /// before a quarantined one, and the later write before the earlier; the slot of the other is to be erased.
    /// </summary>
    /// <param name="found">The fragments, live or quarantined.</param>
    /// <param name="volume">The volume, and where the search goes on.</param>
    /// <returns>For each, in order, whether it was entered.</returns>
    IReadOnlyList<bool> Adopt(IReadOnlyList<FragmentRow> found, IndexedVolume volume);

    /// <summary>The fragment of that id; null if there is none.</summary>
    /// <param name="id">The id.</param>
    FragmentRow? Find(Digest id);

    /// <summary>
    /// Enters fragments, all or none. One that is quarantined or lost is replaced by one with the same label; the slot
    /// it had is then free to be erased.
    /// </summary>
    /// <param name="rows">The fragments.</param>
    /// <param name="erased">Slots that have been erased: they are forgotten, and can be used again.</param>
    /// <returns>For each row, in order, what became of it.</returns>
    IReadOnlyList<FragmentOutcome> Commit(IReadOnlyList<FragmentRow> rows, IReadOnlyList<FragmentPlace> erased);

    /// <summary>Takes fragments out; their slots are remembered until they are erased.</summary>
    /// <param name="ids">The fragments.</param>
    /// <returns>For each id, in order, what was there; null if nothing was.</returns>
    IReadOnlyList<FragmentRow?> Remove(IReadOnlyList<Digest> ids);

    /// <summary>A live fragment is not given out any more.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="place">Where it was found damaged.</param>
    /// <returns>False if it is not live, or is at another place by now.</returns>
    bool Quarantine(Digest id, FragmentPlace place);

    /// <summary>Slots of fragments that were taken out or replaced, and have not been erased.</summary>
    IReadOnlyList<FragmentPlace> Unerased();

    /// <summary>Every slot of a volume that is in use or not erased yet, by offset; none of lost fragments.</summary>
    /// <param name="volume">Its number.</param>
    IReadOnlyList<FragmentPlace> PlacesOf(int volume);

    /// <summary>The fragments in order of their ids.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="countMax">Most of one page, at least 1.</param>
    /// <returns>Empty at the end.</returns>
    IReadOnlyList<FragmentRow> Page(Digest? after, int countMax);

    /// <summary>The fragments of a vault in order of their stripes.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="countMax">Most of one page, at least 1.</param>
    /// <returns>Empty at the end.</returns>
    IReadOnlyList<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax);

    /// <summary>How much there is; walks over all of it.</summary>
    FragmentTotals Totals();
}
