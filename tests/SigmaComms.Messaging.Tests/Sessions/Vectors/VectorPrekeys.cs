using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>The prekeys of a vector.</summary>
internal sealed class VectorPrekeys(PrekeyValues values) : IPrekeySecrets
{
    public bool TryGetSignedPrekey(uint id, Span<byte> privateKey) =>
        id == values.SignedPrekeyId && Copy(values.SignedPrekeyPrivate, privateKey);

    public bool TryGetOneTimePrekey(uint id, Span<byte> privateKey) =>
        id == values.OneTimePrekeyId && Copy(values.OneTimePrekeyPrivate!, privateKey);

    public bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort)
    {
        isLastResort = values.IsLastResort;
        return id == values.KemPrekeyId && Copy(values.KemPrekeySeed, seed);
    }

    public bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey) => false;

    private static bool Copy(string hex, Span<byte> destination)
    {
        Convert.FromHexString(hex).CopyTo(destination);
        return true;
    }
}
