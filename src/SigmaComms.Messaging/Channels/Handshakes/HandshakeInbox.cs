using System.Buffers.Binary;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>Puts handshake messages together from the records that carry them.</summary>
/// <standard>RFC 8446, section 5.1 (fragmentation and coalescing).</standard>
internal sealed class HandshakeInbox
{
    private byte[] _buffer = [];
    private int _length;

    /// <summary>Whether no part of a message waits for its rest.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>The kind of the message that is being received, as soon as its first byte is here.</summary>
    public HandshakeType NextType => IsEmpty ? HandshakeType.None : (HandshakeType)_buffer[0];

    public void Append(ReadOnlySpan<byte> fragment)
    {
        if (_buffer.Length < _length + fragment.Length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _length, _length + fragment.Length));
        }

        fragment.CopyTo(_buffer.AsSpan(_length));
        _length += fragment.Length;
    }

    /// <summary>Takes the next whole message, header included.</summary>
    public bool TryTake(out byte[] message, out TlsAlert? fault)
    {
        message = [];
        fault = null;
        if (_length < HandshakeMessage.HeaderSize)
        {
            return false;
        }

        int length = (int)(BinaryPrimitives.ReadUInt32BigEndian(_buffer) & 0xFFFFFF);
        if (length > HandshakeMessage.SizeMax(NextType))
        {
            fault = TlsAlert.DecodeError;
            return false;
        }

        int size = HandshakeMessage.HeaderSize + length;
        if (_length < size)
        {
            return false;
        }

        message = _buffer[..size];
        _length -= size;
        if (_length == 0)
        {
            _buffer = [];
        }
        else
        {
            _buffer.AsSpan(size, _length).CopyTo(_buffer);
        }

        return true;
    }

    public void Clear()
    {
        _buffer = [];
        _length = 0;
    }
}
