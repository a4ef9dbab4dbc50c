using System.Buffers;

namespace SigmaComms.Messaging.Links;

/// <summary>Bytes in rented room, which goes back once, whoever gives it back.</summary>
/// <remarks>
/// Long contents travel so: hundreds of megabytes a second would otherwise be garbage of large arrays. Room that nobody
/// gives back is left to the garbage collector. Giving back is safe from any thread; nobody may look at the bytes
/// after it.
/// </remarks>
public sealed class RentedBytes : IDisposable
{
    private readonly int _length;
    private readonly Action<long>? _released;
    private byte[]? _room;

    /// <summary>Rents room; its bytes are whatever they were.</summary>
    /// <param name="length">How many bytes, at least 0.</param>
    /// <param name="released">Told the length once, when the bytes are given back or abandoned.</param>
    public RentedBytes(int length, Action<long>? released = null)
    {
        _room = ArrayPool<byte>.Shared.Rent(length);
        _length = length;
        _released = released;
    }

    /// <summary>The bytes; empty after they were given back.</summary>
    public Memory<byte> Memory => Volatile.Read(ref _room) is { } room ? room.AsMemory(0, _length) : default;

    /// <summary>Gives the room back. May be called twice.</summary>
    public void Dispose()
    {
        if (Take() is { } room)
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>
    /// Leaves the room to the garbage collector: somebody who was given up may still look at it or write into it.
    /// </summary>
    public void Abandon() => Take();

    /// <summary>A copy in rented room.</summary>
    /// <param name="bytes">What to copy.</param>
    public static RentedBytes CopyOf(ReadOnlySpan<byte> bytes)
    {
        var copy = new RentedBytes(bytes.Length);
        bytes.CopyTo(copy.Memory.Span);
        return copy;
    }

    private byte[]? Take()
    {
        byte[]? room = Interlocked.Exchange(ref _room, null);
        if (room is not null)
        {
            _released?.Invoke(_length);
        }

        return room;
    }
}
