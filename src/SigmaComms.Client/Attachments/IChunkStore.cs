using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Attachments;

/// <summary>Where sealed chunks lie: the cluster, or a fake of it in tests.</summary>
internal interface IChunkStore
{
    /// <summary>Stores a chunk; the last one only returns once all are durable.</summary>
    /// <exception cref="ClientException">It could not be stored.</exception>
    Task PutAsync(Digest16 attachment, uint index, uint count, ReadOnlyMemory<byte> chunk, CancellationToken ct);

    /// <summary>Fetches a chunk.</summary>
    /// <exception cref="ClientException">It is not there, or nobody answered.</exception>
    Task<ReadOnlyMemory<byte>> GetAsync(Digest16 attachment, uint index, CancellationToken ct);

    /// <summary>What was fetched is not what was stored: fetch by another way from now on, if there is one.</summary>
    Task MoveAsync(CancellationToken ct);
}
