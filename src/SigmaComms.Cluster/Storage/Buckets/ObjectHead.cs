using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>What stands before a fragment in its object, opened.</summary>
/// <param name="Label">What the fragment is; its root is that of the digests.</param>
/// <param name="Digests">SHA-256 of each of its blocks, 32 bytes each.</param>
/// <param name="SizeBytes">Bytes of the object before the fragment.</param>
internal sealed record ObjectHead(FragmentLabel Label, ReadOnlyMemory<byte> Digests, int SizeBytes)
{
    /// <summary>Bytes of the whole object.</summary>
    public long ObjectSizeBytes => (long)SizeBytes + Label.Length;
}
