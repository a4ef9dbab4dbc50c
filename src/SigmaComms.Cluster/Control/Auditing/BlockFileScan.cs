using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.Auditing;

/// <summary>Reads a file of blocks without the store, also while a node appends to it.</summary>
internal static class BlockFileScan
{
    /// <summary>The newest whole entry of each height and kind, up to the first that is torn or damaged.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SortedDictionary<(ulong Height, BlockEntryKind Kind), byte[]> Read(string path)
    {
        SortedDictionary<(ulong Height, BlockEntryKind Kind), byte[]> entries = [];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] head = new byte[BlockEntry.SizeBytes];
        while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && BlockEntry.TryRead(head, out BlockEntry entry))
        {
            byte[] payload = new byte[entry.PayloadSize];
            bool isWhole = file.ReadAtLeast(payload, payload.Length, throwOnEndOfStream: false) == payload.Length
                && Crc32C.Of(payload) == entry.PayloadChecksum;
            if (isWhole)
            {
                entries[(entry.Identity.Height.Value, entry.Kind)] = payload;
            }
        }

        return entries;
    }
}
