using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>
/// Labels of fragments by their ids, so that going through a bucket does not read every head each time. An id has one
/// label only, so that nothing here is ever wrong; whether the fragment is there, this does not say.
/// </summary>
/// <remarks>
/// When it is full it takes no more, rather than to forget what the same pass will ask for again. Safe to call from any
/// thread.
/// </remarks>
/// <param name="countMax">Labels at most, or a few more.</param>
internal sealed class LabelCache(int countMax)
{
    private readonly ConcurrentDictionary<FragmentId, FragmentLabel> _labels = new();

    /// <summary>Looks up a label.</summary>
    public bool TryGet(FragmentId id, [NotNullWhen(true)] out FragmentLabel? label) =>
        _labels.TryGetValue(id, out label);

    /// <summary>Keeps a label, if there is room.</summary>
    public void Add(FragmentLabel label)
    {
        if (_labels.Count < countMax)
        {
            _labels.TryAdd(label.Id, label);
        }
    }

    /// <summary>The fragment is gone.</summary>
    public void Remove(FragmentId id) => _labels.TryRemove(id, out _);
}
