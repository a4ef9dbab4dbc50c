using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>Finds the slots of a volume by their headers, for an index that lacks them.</summary>
/// <remarks>
/// Room that a put left behind when it failed may hold a header still, and a later slot may begin inside of it. So of
/// slots that overlap the whole one counts, and of damaged ones the newest.
/// </remarks>
internal sealed class VolumeScan(VolumeFile file, IFragmentIndex index)
{
    /// <summary>So many fragments are entered with one sync, or a few more.</summary>
    internal const int BatchMax = 4_096;

    private const int ChunkBytes = 1 << 20;

    private readonly List<FragmentRow> _batch = [];
    private readonly List<FoundSlot> _doubtful = [];
    private readonly List<FoundSlot> _wholeSince = [];
    private long _doubtEnd;

    /// <summary>Fragments that were entered.</summary>
    public int Entered { get; private set; }

    /// <summary>Those of them whose content is not what their label says.</summary>
    public int Damaged { get; private set; }

    /// <summary>Enters all fragments of the volume. What was cut short goes on where it was.</summary>
    /// <param name="from">Where to begin: at the first slot, or where an earlier search got to.</param>
    public void Run(long from)
    {
        byte[] chunk = new byte[ChunkBytes];
        long end = file.Header.SizeBytes - VolumeLayout.BlockSize;
        long offset = from;
        while (offset < end)
        {
            int size = (int)Math.Min(chunk.Length, end - offset);
            file.Read(offset, chunk.AsSpan(0, size));
            int next = 0;
            while (next < size)
            {
                FoundSlot? slot = SlotAt(offset + next, chunk.AsSpan(next, VolumeLayout.BlockSize), end);
                next += slot is { IsWhole: true } ? slot.Place.SizeBytes : VolumeLayout.BlockSize;
                Take(slot);
            }

            offset += next;
            SettleBefore(offset);
            if (_batch.Count >= BatchMax && _doubtful.Count == 0)
            {
                Enter(offset);
            }
        }

        SettleBefore(long.MaxValue);
        Enter(null);
    }

    private void Take(FoundSlot? slot)
    {
        if (slot is null)
        {
            return;
        }

        if (!slot.IsWhole)
        {
            _doubtful.Add(slot);
            _doubtEnd = Math.Max(_doubtEnd, slot.Place.Offset + slot.Place.SizeBytes);
            return;
        }

        _batch.Add(slot.Row());
        if (_doubtful.Count > 0)
        {
            _wholeSince.Add(slot);
        }
    }

    /// <summary>Judges damaged slots once all that may overlap them has been seen.</summary>
    private void SettleBefore(long offset)
    {
        if (offset < _doubtEnd)
        {
            return;
        }

        foreach (FoundSlot slot in _doubtful.OrderByDescending(slot => slot.Header.Sequence))
        {
            if (!_wholeSince.Exists(slot.Overlaps))
            {
                _wholeSince.Add(slot);
                _batch.Add(slot.Row() with { State = FragmentState.Quarantined });
            }
        }

        _doubtful.Clear();
        _wholeSince.Clear();
        _doubtEnd = 0;
    }

    private void Enter(long? goOnAt)
    {
        IReadOnlyList<bool> entered = index.Adopt(
            _batch, new IndexedVolume(file.Header.Number, file.Header.Id, IsFilled: false, goOnAt));
        for (int i = 0; i < _batch.Count; i++)
        {
            Entered += entered[i] ? 1 : 0;
            Damaged += entered[i] && _batch[i].State == FragmentState.Quarantined ? 1 : 0;
        }

        _batch.Clear();
    }

    private FoundSlot? SlotAt(long offset, ReadOnlySpan<byte> block, long end)
    {
        if (file.Sealer.TryOpenHead(offset, block) is not { } head || offset + head.SlotSize > end)
        {
            return null;
        }

        byte[] slot = new byte[head.SlotSize];
        file.Read(offset, slot);
        if (file.Sealer.TryOpen(offset, slot) is not { } header
            || !FragmentLabel.TryDecode(header.Label.Span, out FragmentLabel? label)
            || label.Length != header.ContentLength)
        {
            return null;
        }

        bool isWhole = FragmentTree.RootOf(
            slot.AsSpan(VolumeLayout.ContentOffset(header.Label.Length), header.ContentLength)) == label.Root;
        return new FoundSlot(new FragmentPlace(file.Header.Number, offset, slot.Length), header, label, isWhole);
    }
}
