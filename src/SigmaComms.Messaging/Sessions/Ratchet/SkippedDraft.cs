using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>The secrets of messages skipped by one message that has not opened yet: at most two runs.</summary>
internal sealed class SkippedDraft : IDisposable
{
    private const int SecretSize = RatchetKdf.KeySize;

    private readonly List<SkippedPosition> _positions = [];
    private readonly List<SkippedPosition> _discardedBelow = [];
    private SecretBytes? _secrets;
    private SkippedPosition _pending;

    /// <summary>The skipped messages, in order.</summary>
    public IReadOnlyList<SkippedPosition> Positions => _positions;

    /// <summary>For a chain, the number below which keys were not even derived.</summary>
    public IReadOnlyList<SkippedPosition> DiscardedBelow => _discardedBelow;

    /// <summary>The secret of one of the positions.</summary>
    public ReadOnlySpan<byte> Secret(int index) => _secrets!.Span.Slice(index * SecretSize, SecretSize);

    /// <summary>Makes room for a run of one chain.</summary>
    public void Begin(uint serial, uint firstN, uint discarded, uint count)
    {
        if (discarded > 0)
        {
            _discardedBelow.Add(new SkippedPosition(serial, firstN + discarded));
        }

        if (count == 0)
        {
            return;
        }

        var larger = new SecretBytes((_positions.Count + (int)count) * SecretSize);
        _secrets?.Span[..(_positions.Count * SecretSize)].CopyTo(larger.Span);
        _secrets?.Dispose();
        _secrets = larger;
        _pending = new SkippedPosition(serial, firstN + discarded);
    }

    /// <summary>Room for the next secret of the run.</summary>
    public Span<byte> Next()
    {
        _positions.Add(_pending);
        _pending = _pending with { N = _pending.N + 1 };
        return _secrets!.Span.Slice((_positions.Count - 1) * SecretSize, SecretSize);
    }

    /// <inheritdoc/>
    public void Dispose() => _secrets?.Dispose();
}
