using System.Buffers;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Neighbouring bytes of an object, in lent room; untrusted.</summary>
internal sealed class ObjectPart : IDisposable
{
    private readonly int _length;
    private byte[]? _room;

    /// <summary>Bytes that came.</summary>
    /// <param name="room">From the shared pool; goes back there.</param>
    /// <param name="length">How many of them count.</param>
    /// <param name="objectSizeBytes">Bytes of the whole object, as the service says.</param>
    public ObjectPart(byte[] room, int length, long objectSizeBytes)
    {
        _room = room;
        _length = length;
        ObjectSizeBytes = objectSizeBytes;
        Status = StoreStatus.Done;
    }

    /// <summary>Nothing came.</summary>
    /// <param name="status">Why.</param>
    public ObjectPart(StoreStatus status) => Status = status;

    /// <summary>What came of the request.</summary>
    public StoreStatus Status { get; }

    /// <summary>Bytes of the whole object, as the service says.</summary>
    public long ObjectSizeBytes { get; }

    /// <summary>The bytes; at most as many as were asked for.</summary>
    public ReadOnlyMemory<byte> Bytes => _room.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_room is { } room)
        {
            _room = null;
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
