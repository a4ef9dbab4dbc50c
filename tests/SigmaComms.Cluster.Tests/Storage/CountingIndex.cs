using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>Counts what an index is asked.</summary>
internal sealed class CountingIndex(IFragmentIndex inner) : IFragmentIndex
{
    /// <summary>Walks over all rows.</summary>
    public int Counts { get; private set; }

    /// <summary>Listings of what is not erased.</summary>
    public int Listings { get; private set; }

    /// <summary>Transactions that change something.</summary>
    public int Transactions { get; private set; }

    /// <summary>Called before each of them.</summary>
    public Action<int> BeforeTransaction { get; set; } = static _ => { };

    public IReadOnlyList<IndexedVolume> Volumes() => inner.Volumes();

    public void SetVolume(IndexedVolume volume) => Change(() => inner.SetVolume(volume));

    public void SetGone(int volume, bool isGone) => Change(() => inner.SetGone(volume, isGone));

    public void ReplaceVolume(IndexedVolume volume) => Change(() => inner.ReplaceVolume(volume));

    public IReadOnlyList<bool> Adopt(IReadOnlyList<FragmentRow> found, IndexedVolume volume) =>
        Change(() => inner.Adopt(found, volume));

    public FragmentRow? Find(Digest id) => inner.Find(id);

    public IReadOnlyList<FragmentOutcome> Commit(
        IReadOnlyList<FragmentRow> rows, IReadOnlyList<FragmentPlace> erased) =>
        Change(() => inner.Commit(rows, erased));

    public IReadOnlyList<FragmentRow?> Remove(IReadOnlyList<Digest> ids) => Change(() => inner.Remove(ids));

    public bool Quarantine(Digest id, FragmentPlace place) => Change(() => inner.Quarantine(id, place));

    public IReadOnlyList<FragmentPlace> Unerased()
    {
        Listings++;
        return inner.Unerased();
    }

    public IReadOnlyList<FragmentPlace> PlacesOf(int volume) => inner.PlacesOf(volume);

    public IReadOnlyList<FragmentRow> Page(Digest? after, int countMax) => inner.Page(after, countMax);

    public IReadOnlyList<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax) =>
        inner.PageOfVault(vault, after, countMax);

    public FragmentTotals Totals()
    {
        Counts++;
        return inner.Totals();
    }

    public void Dispose()
    {
    }

    private void Change(Action change) => Change(() =>
    {
        change();
        return true;
    });

    private T Change<T>(Func<T> change)
    {
        BeforeTransaction(Transactions++);
        return change();
    }
}
