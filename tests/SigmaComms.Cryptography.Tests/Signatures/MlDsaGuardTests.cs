using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Nothing is read or written beyond the spans that a caller gives.</summary>
public sealed class MlDsaGuardTests
{
    [LinuxFact]
    public void Keys_signatures_messages_and_contexts_may_end_where_memory_ends() => KeepToTheSpans(true);

    [LinuxFact]
    public void They_may_begin_where_memory_begins() => KeepToTheSpans(false);

    [LinuxFact]
    public void Every_arithmetic_keeps_to_the_spans()
    {
        foreach (IMlDsaArithmetic arithmetic in MlDsaArithmetic.All)
        {
            KeepToTheSpans(arithmetic, true);
            KeepToTheSpans(arithmetic, false);
        }
    }

    private static void KeepToTheSpans(bool atTheEnd)
    {
        SeededRandom random = new(21);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            using GuardedBuffer seed = new(random.Bytes(32), atTheEnd);
            using GuardedBuffer message = new(random.Bytes(200), atTheEnd);
            using GuardedBuffer context = new(random.Bytes(11), atTheEnd);
            using GuardedBuffer randomness = new(random.Bytes(32), atTheEnd);
            using GuardedBuffer publicKey = new(dsa.PublicKeySize, atTheEnd);
            using GuardedBuffer longKey = new(dsa.PrivateKeySize, atTheEnd);
            using GuardedBuffer signature = new(dsa.SignatureSize, atTheEnd);
            using GuardedBuffer again = new(dsa.SignatureSize, atTheEnd);
            using GuardedBuffer mu = new(64, atTheEnd);

            dsa.DerivePublicKey(seed.Span, publicKey.Span);
            dsa.ExpandPrivateKey(seed.Span, longKey.Span);
            dsa.ComputeRepresentative(publicKey.Span, message.Span, context.Span, mu.Span);
            dsa.Sign(seed.Span, message.Span, context.Span, randomness.Span, signature.Span);

            Assert.True(dsa.TrySignWithPrivateKey(
                longKey.Span, message.Span, context.Span, randomness.Span, again.Span));
            Assert.True(again.Span.SequenceEqual(signature.Span));
            Assert.True(dsa.Verify(publicKey.Span, message.Span, context.Span, signature.Span));
            Assert.True(dsa.VerifyRepresentative(publicKey.Span, mu.Span, signature.Span));
        }
    }

    private static void KeepToTheSpans(IMlDsaArithmetic arithmetic, bool atTheEnd)
    {
        SeededRandom random = new(22);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            using GuardedBuffer publicKey = new(dsa.PublicKeySize, atTheEnd);
            using GuardedBuffer longKey = new(dsa.PrivateKeySize, atTheEnd);
            using GuardedBuffer signature = new(dsa.SignatureSize, atTheEnd);
            using GuardedBuffer mu = new(random.Bytes(64), atTheEnd);
            using GuardedBuffer randomness = new(random.Bytes(32), atTheEnd);
            MlDsaPrivateKey.Expand(dsa.Set, random.Bytes(32), publicKey.Span, longKey.Span, arithmetic);
            using MlDsaPrivateKey? key = MlDsaPrivateKey.TryImport(dsa.Set, longKey.Span, arithmetic);
            key!.Sign(mu.Span, randomness.Span, signature.Span);

            bool valid = new MlDsaPublicKey(dsa.Set, publicKey.Span, arithmetic).Verify(mu.Span, signature.Span);

            Assert.True(valid);
        }
    }
}
