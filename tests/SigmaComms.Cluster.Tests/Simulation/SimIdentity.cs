using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>A key made from a number.</summary>
internal sealed class SimIdentity
{
    public SimIdentity(int number)
    {
        byte[] seed = new byte[32];
        new Random(number).NextBytes(seed);
        Key = new MlDsa65SigningKey(seed);
    }

    public MlDsa65SigningKey Key { get; }

    public NodeId Id => Key.Id;

    public ReadOnlyMemory<byte> PublicKey => Key.PublicKey;
}
