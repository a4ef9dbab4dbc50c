using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Prekeys;

/// <summary>This device's private prekeys, for all sessions at once. Safe to call from any thread.</summary>
internal sealed class PrekeyVault : IPrekeySecrets, IDisposable
{
    private readonly Lock _gate = new();
    private PrekeyRing _ring = new();

    /// <summary>Takes over a ring; the one before is forgotten.</summary>
    public void Replace(PrekeyRing ring)
    {
        lock (_gate)
        {
            _ring.Dispose();
            _ring = ring;
        }
    }

    /// <summary>Does something with the ring while nobody else can.</summary>
    public T With<T>(Func<PrekeyRing, T> work)
    {
        lock (_gate)
        {
            return work(_ring);
        }
    }

    /// <inheritdoc/>
    public bool TryGetSignedPrekey(uint id, Span<byte> privateKey)
    {
        lock (_gate)
        {
            return _ring.TryGetSignedPrekey(id, privateKey);
        }
    }

    /// <inheritdoc/>
    public bool TryGetOneTimePrekey(uint id, Span<byte> privateKey)
    {
        lock (_gate)
        {
            return _ring.TryGetOneTimePrekey(id, privateKey);
        }
    }

    /// <inheritdoc/>
    public bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort)
    {
        lock (_gate)
        {
            return _ring.TryGetKemPrekey(id, seed, out isLastResort);
        }
    }

    /// <inheritdoc/>
    public bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey)
    {
        lock (_gate)
        {
            return _ring.WasLastResortUsed(kemPrekeyId, ephemeralKey);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ring.Dispose();
        }
    }
}
