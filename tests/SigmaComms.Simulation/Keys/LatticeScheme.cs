using System.Buffers.Binary;
using System.Collections.Concurrent;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Keys;

/// <summary>True ML-DSA-65 signatures, with chance that repeats.</summary>
internal sealed class LatticeScheme : ISignatureScheme
{
    private readonly ConcurrentDictionary<ulong, SimKey> _keys = new();

    public static LatticeScheme Instance { get; } = new();

    public ISignatureVerifier Verifier => MlDsa65Verifier.Instance;

    public SimKey Make(ulong number) => _keys.GetOrAdd(number, static number =>
    {
        byte[] seed = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(seed, number);
        MlDsa65SigningKey key = new(seed);
        return new SimKey(key.PublicKey.ToArray(), key);
    });

    public byte[] SignVote(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context) =>
        Sign(key, message, context);

    public byte[] Sign(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        Digest.Sha256(message).CopyTo(hash);
        SimRandom hedge = new(BinaryPrimitives.ReadUInt64BigEndian(hash));
        return ((MlDsa65SigningKey)key.Secret).Sign(message, context, hedge);
    }
}
