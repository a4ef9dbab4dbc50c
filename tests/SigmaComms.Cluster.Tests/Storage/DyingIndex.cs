using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>An index of a process that dies: before a change, or right after it is durable.</summary>
internal sealed class DyingIndex(IFragmentIndex durable, Action change) : IFragmentIndex
{
    public IReadOnlyList<IndexedVolume> Volumes() => durable.Volumes();

    public void SetVolume(IndexedVolume volume) => Change(() =>
    {
        durable.SetVolume(volume);
        return true;
    });

    public void SetGone(int volume, bool isGone) => Change(() =>
    {
        durable.SetGone(volume, isGone);
        return true;
    });

    public void ReplaceVolume(IndexedVolume volume) => Change(() =>
    {
        durable.ReplaceVolume(volume);
        return true;
    });

    public IReadOnlyList<bool> Adopt(IReadOnlyList<FragmentRow> found, IndexedVolume volume) =>
        Change(() => durable.Adopt(found, volume));

    public FragmentRow? Find(Digest id) => durable.Find(id);

    public IReadOnlyList<FragmentOutcome> Commit(
        IReadOnlyList<FragmentRow> rows, IReadOnlyList<FragmentPlace> erased) =>
        Change(() => durable.Commit(rows, erased));

    public IReadOnlyList<FragmentRow?> Remove(IReadOnlyList<Digest> ids) => Change(() => durable.Remove(ids));

    public bool Quarantine(Digest id, FragmentPlace place) => Change(() => durable.Quarantine(id, place));

    public IReadOnlyList<FragmentPlace> Unerased() => durable.Unerased();

    public IReadOnlyList<FragmentPlace> PlacesOf(int volume) => durable.PlacesOf(volume);

    public IReadOnlyList<FragmentRow> Page(Digest? after, int countMax) => durable.Page(after, countMax);

    public IReadOnlyList<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax) =>
        durable.PageOfVault(vault, after, countMax);

    public FragmentTotals Totals() => durable.Totals();

    public void Dispose()
    {
    }

    private T Change<T>(Func<T> write)
    {
        change();
        T result = write();
        change();
        return result;
    }
}
