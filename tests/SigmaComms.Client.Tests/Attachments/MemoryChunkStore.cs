using SigmaComms.Client.Attachments;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Attachments;

/// <summary>Chunks in memory, which a test may damage; counts how many are under way at once.</summary>
internal sealed class MemoryChunkStore : IChunkStore
{
    private readonly Lock _gate = new();
    private int _underWay;

    public Dictionary<uint, byte[]> Chunks { get; } = [];

    public List<uint> Stored { get; } = [];

    public int UnderWayMax { get; private set; }

    public uint? FailsAt { get; set; }

    /// <summary>How often one has to go another way before chunks come undamaged.</summary>
    public int DamagedWays { get; set; }

    public int Moves { get; private set; }

    public async Task PutAsync(
        Digest16 attachment, uint index, uint count, ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        Enter();
        await Task.Yield();
        if (index == FailsAt)
        {
            throw new ClientException(ClientFailure.Unavailable, "planted");
        }

        lock (_gate)
        {
            Chunks[index] = chunk.ToArray();
            Stored.Add(index);
            _underWay--;
        }
    }

    public async Task<ReadOnlyMemory<byte>> GetAsync(Digest16 attachment, uint index, CancellationToken ct)
    {
        Enter();
        await Task.Yield();
        lock (_gate)
        {
            _underWay--;
            return Chunks.TryGetValue(index, out byte[]? chunk)
                ? Moves < DamagedWays ? [.. chunk.Reverse()] : chunk
                : throw new ClientException(ClientFailure.AttachmentMissing, "planted");
        }
    }

    public Task MoveAsync(CancellationToken ct)
    {
        Moves++;
        return Task.CompletedTask;
    }

    private void Enter()
    {
        lock (_gate)
        {
            UnderWayMax = Math.Max(UnderWayMax, ++_underWay);
        }
    }
}
