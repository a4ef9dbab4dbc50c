using System.Buffers;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Aead;

/// <summary>Seals a stream of any length piece by piece, in constant memory.</summary>
/// <remarks>
/// Push pieces of any size with <see cref="Write"/>, then call <see cref="Finish"/> once. Each stream has a fresh key
/// of its own, derived from a salt in its header. Not safe for use from two threads at once.
/// </remarks>
/// <standard>Hoang, Reyhanitabar, Rogaway, Vizar 2015, section 7 (STREAM); docs/formats/sealed-stream.md.</standard>
public sealed class StreamSealer : IDisposable
{
    private readonly SegmentCipher _cipher;
    private readonly SecretBytes _pending = new(SealedStream.SegmentSize);
    private readonly byte[] _header = new byte[SealedStream.HeaderSize];
    private int _pendingSize;
    private long _index;
    private bool _started;
    private bool _finished;

    /// <summary>Starts a stream.</summary>
    /// <param name="algorithm">XChaCha20-Poly1305 or ChaCha20-Poly1305.</param>
    /// <param name="key">32 secret bytes; may seal any number of streams.</param>
    /// <param name="associatedData">What the stream is; the opener says the same.</param>
    /// <param name="random">Where the salt comes from.</param>
    /// <exception cref="ArgumentException">The key has the wrong length, or the cipher is another.</exception>
    public StreamSealer(
        AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(key, SealedStream.KeySize);
        Span<byte> salt = stackalloc byte[SegmentCipher.SaltSize];
        random.Fill(salt);
        _cipher = SegmentCipher.Create(algorithm, key, associatedData, salt, _header);
    }

    /// <summary>Takes in more plaintext and gives the segments that are complete.</summary>
    /// <param name="plaintext">Any number of bytes.</param>
    /// <param name="output">Receives sealed bytes, the header first.</param>
    /// <exception cref="InvalidOperationException">The stream is finished, or as long as it may be.</exception>
    public void Write(ReadOnlySpan<byte> plaintext, IBufferWriter<byte> output)
    {
        Start(output);
        while (!plaintext.IsEmpty)
        {
            // A full segment waits for one more byte, because the last one is sealed differently.
            if (_pendingSize == SealedStream.SegmentSize)
            {
                Emit(isLast: false, output);
            }

            int taken = Math.Min(plaintext.Length, SealedStream.SegmentSize - _pendingSize);
            plaintext[..taken].CopyTo(_pending.Span[_pendingSize..]);
            plaintext = plaintext[taken..];
            _pendingSize += taken;
        }
    }

    /// <summary>Ends the stream and gives its last segment.</summary>
    /// <param name="output">Receives sealed bytes.</param>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public void Finish(IBufferWriter<byte> output)
    {
        Start(output);
        Emit(isLast: true, output);
        _finished = true;
    }

    /// <summary>Forgets the key and what was not sealed yet. May be called twice.</summary>
    public void Dispose()
    {
        _finished = true;
        _cipher.Dispose();
        _pending.Dispose();
    }

    private void Start(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_finished)
        {
            throw new InvalidOperationException("The stream is finished.");
        }

        if (!_started)
        {
            output.Write(_header);
            _started = true;
        }
    }

    private void Emit(bool isLast, IBufferWriter<byte> output)
    {
        if (_index == SealedStream.SegmentCountMax)
        {
            throw new InvalidOperationException("The stream is as long as it may be.");
        }

        int size = _pendingSize + SealedStream.TagSize;
        _cipher.Seal(_index, isLast, _pending.Span[.._pendingSize], output.GetSpan(size)[..size]);
        output.Advance(size);
        _index++;
        _pendingSize = 0;
    }
}
