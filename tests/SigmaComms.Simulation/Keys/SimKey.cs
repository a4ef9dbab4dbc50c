using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Keys;

/// <summary>A key pair of a scheme.</summary>
/// <param name="PublicKey">1,952 bytes.</param>
/// <param name="Secret">What the scheme signs with.</param>
internal sealed record SimKey(byte[] PublicKey, object Secret)
{
    public NodeId Id { get; } = NodeId.Of(PublicKey);
}
