using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>The prekeys of a ring, where every post-quantum key is said to be the last-resort one.</summary>
internal sealed class AllLastResort(PrekeyRing ring) : IPrekeySecrets
{
    public bool TryGetSignedPrekey(uint id, Span<byte> privateKey) => ring.TryGetSignedPrekey(id, privateKey);

    public bool TryGetOneTimePrekey(uint id, Span<byte> privateKey) => ring.TryGetOneTimePrekey(id, privateKey);

    public bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort)
    {
        isLastResort = true;
        return ring.TryGetKemPrekey(id, seed, out _);
    }

    public bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey) => false;
}
