using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>An object whose head was read, with what came along.</summary>
/// <param name="Status">Done, or why there is no head.</param>
/// <param name="Head">The head if it is done, else null.</param>
/// <param name="Start">The object's first bytes.</param>
internal sealed record FoundObject(StoreStatus Status, ObjectHead? Head, ObjectPart? Start) : IDisposable
{
    /// <summary>Bytes of the fragment that came along; untrusted.</summary>
    public ReadOnlyMemory<byte> Body => Head is null || Start is null || Start.Bytes.Length < Head.SizeBytes
        ? default
        : Start.Bytes[Head.SizeBytes..];

    /// <inheritdoc/>
    public void Dispose() => Start?.Dispose();
}
