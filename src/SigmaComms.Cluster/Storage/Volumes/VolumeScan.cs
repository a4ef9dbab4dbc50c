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
    private const int ChunkBytes = 1 << 20;

    /// <summary>Fragments that were entered.</summary>
    public int Entered { get; private set; }

    /// <summary>Those of them whose content is not what their label says.</summary>
    public int Damaged { get; private set; }

    /// <summary>Enters all fragments of the volume. Doing it again changes nothing.</summary>
    public void Run()
    {
        List<FoundSlot> found = Find();
        List<FoundSlot> taken = [.. found.Where(slot => slot.IsWhole)];
        foreach (FoundSlot slot in found.Where(slot => !slot.IsWhole).OrderByDescending(slot => slot.Header.Sequence))
        {
            if (!taken.Exists(slot.Overlaps))
            {
                taken.Add(slot);
            }
        }

        foreach (FoundSlot slot in taken)
        {
            Enter(slot);
        }
    }

    private List<FoundSlot> Find()
    {
        List<FoundSlot> found = [];
        byte[] chunk = new byte[ChunkBytes];
        long end = file.Header.SizeBytes - VolumeLayout.BlockSize;
        for (long offset = VolumeLayout.BlockSize; offset < end;)
        {
            int size = (int)Math.Min(chunk.Length, end - offset);
            file.Read(offset, chunk.AsSpan(0, size));
            int next = 0;
            while (next < size)
            {
                FoundSlot? slot = SlotAt(offset + next, chunk.AsSpan(next, VolumeLayout.BlockSize), end);
                next += slot is { IsWhole: true } ? slot.Place.SizeBytes : VolumeLayout.BlockSize;
                if (slot is not null)
                {
                    found.Add(slot);
                }
            }

            offset += next;
        }

        return found;
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

    private void Enter(FoundSlot slot)
    {
        FragmentRow row = slot.Row();
        if (index.Find(row.Id) is { } known)
        {
            if (known.Place == row.Place || known.Sequence >= row.Sequence)
            {
                return;
            }

            index.Remove([row.Id]);
        }

        index.Commit([row], []);
        Entered++;
        if (!slot.IsWhole)
        {
            index.Quarantine(row.Id, row.Place);
            Damaged++;
        }
    }
}
