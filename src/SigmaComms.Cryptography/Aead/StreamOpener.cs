using System.Buffers;

namespace SigmaComms.Cryptography.Aead;

/// <summary>Opens a sealed stream piece by piece, in constant memory.</summary>
/// <remarks>
/// Push pieces of any size with <see cref="TryWrite"/>, then call <see cref="TryFinish"/> once. What was given out
/// before is authentic, but only a true from the last call says that nothing is missing. After the first false nothing
/// more is given out. Not safe for use from two threads at once.
/// </remarks>
/// <standard>Hoang, Reyhanitabar, Rogaway, Vizar 2015, section 7 (STREAM); docs/formats/sealed-stream.md.</standard>
public sealed class StreamOpener : IDisposable
{
    private readonly SecretBytes _key;
    private readonly byte[] _associatedData;
    private readonly byte[] _pending = new byte[SealedStream.SealedSegmentSize];
    private SegmentCipher? _cipher;
    private int _pendingSize;
    private long _index;
    private bool _ended;

    /// <summary>Starts a stream.</summary>
    /// <param name="key">32 secret bytes; copied.</param>
    /// <param name="associatedData">What the stream is; the sealer said the same.</param>
    /// <exception cref="ArgumentException">The key has the wrong length.</exception>
    public StreamOpener(ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData)
    {
        Size.Require(key, SealedStream.KeySize);
        _key = new SecretBytes(key);
        _associatedData = associatedData.ToArray();
    }

    /// <summary>Takes in more sealed bytes and gives the plaintext of the segments that are complete.</summary>
    /// <param name="sealedBytes">Untrusted; any number.</param>
    /// <param name="output">Receives authentic plaintext.</param>
    /// <returns>False if the bytes are not the stream's next; nothing more comes then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> sealedBytes, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (!sealedBytes.IsEmpty && !_ended)
        {
            int wanted = _cipher is null ? SealedStream.HeaderSize : SealedStream.SealedSegmentSize;

            // A full segment waits for one more byte, because the last one was sealed differently.
            if (_cipher is not null && _pendingSize == wanted)
            {
                _ended = !TryEmit(isLast: false, output);
                continue;
            }

            int taken = Math.Min(sealedBytes.Length, wanted - _pendingSize);
            sealedBytes[..taken].CopyTo(_pending.AsSpan(_pendingSize));
            sealedBytes = sealedBytes[taken..];
            _pendingSize += taken;
            if (_cipher is null && _pendingSize == SealedStream.HeaderSize)
            {
                ReadHeader();
            }
        }

        return !_ended;
    }

    /// <summary>Ends the stream and gives the plaintext of its last segment.</summary>
    /// <param name="output">Receives authentic plaintext.</param>
    /// <returns>True if the whole stream was as it was sealed.</returns>
    public bool TryFinish(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        bool whole = !_ended
            && _cipher is not null
            && _pendingSize >= SealedStream.TagSize
            && (_index == 0 || _pendingSize > SealedStream.TagSize)
            && TryEmit(isLast: true, output);
        _ended = true;
        return whole;
    }

    /// <summary>Forgets the key. May be called twice.</summary>
    public void Dispose()
    {
        _ended = true;
        _cipher?.Dispose();
        _key.Dispose();
    }

    private void ReadHeader()
    {
        _cipher = SegmentCipher.Read(_key.Span, _associatedData, _pending.AsSpan(0, _pendingSize));
        _ended = _cipher is null;
        _pendingSize = 0;
    }

    private bool TryEmit(bool isLast, IBufferWriter<byte> output)
    {
        int size = _pendingSize - SealedStream.TagSize;
        if (_index == SealedStream.SegmentCountMax
            || !_cipher!.TryOpen(_index, isLast, _pending.AsSpan(0, _pendingSize), output.GetSpan(size)[..size]))
        {
            return false;
        }

        output.Advance(size);
        _index++;
        _pendingSize = 0;
        return true;
    }
}
