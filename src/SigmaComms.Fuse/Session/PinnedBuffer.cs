namespace SigmaComms.Fuse.Session;

/// <summary>
/// Memory that stays where it is, so that the kernel can read and write it without it being pinned each time.
/// </summary>
internal sealed class PinnedBuffer(int sizeBytes)
{
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(sizeBytes, pinned: true);
}
