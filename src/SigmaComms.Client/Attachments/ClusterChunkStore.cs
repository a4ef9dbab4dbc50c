using SigmaComms.Client.Links;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Attachments;

/// <summary>Chunks on the cluster, over the bulk lane.</summary>
internal sealed class ClusterChunkStore(BulkLane lane) : IChunkStore
{
    private const int MissingPatience = 4;

    /// <inheritdoc/>
    public async Task PutAsync(
        Digest16 attachment, uint index, uint count, ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        LinkMessage answer = await lane.RequestAsync(new PutChunk(attachment, index, count, chunk), 0, ct);
        if (answer is Refused refused)
        {
            throw LinkBoard.Refusal(refused);
        }
    }

    /// <inheritdoc/>
    public Task MoveAsync(CancellationToken ct) => lane.MoveAsync(ct);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(Digest16 attachment, uint index, CancellationToken ct)
    {
        LinkMessage answer = await lane.RequestAsync(new GetChunk(attachment, index), MissingPatience, ct);
        return answer switch
        {
            Chunk chunk => chunk.Content,
            Refused { Reason: RefusalReason.NotFound } => throw new ClientException(
                ClientFailure.AttachmentMissing,
                "A chunk of the attachment is not on the cluster any more: ask the sender to send it again."),
            Refused refused => throw LinkBoard.Refusal(refused),
            _ => throw new ClientException(
                ClientFailure.AttachmentDamaged, "The node answered a request for a chunk with something else."),
        };
    }
}
