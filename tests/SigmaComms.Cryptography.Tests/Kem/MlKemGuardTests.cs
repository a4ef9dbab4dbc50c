using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>
/// Each span ends, and in a second run starts, at a page that nobody may touch. A read or write outside kills the test
/// process, which no assertion could survive to tell.
/// </summary>
public sealed class MlKemGuardTests
{
    [LinuxFact]
    public void No_way_of_doing_the_arithmetic_touches_a_byte_outside_its_spans()
    {
        foreach (MlKemPath path in MlKemPath.Supported())
        {
            Run(path, MlKemParameters.MlKem512);
            Run(path, MlKemParameters.MlKem768);
            Run(path, MlKemParameters.MlKem1024);
        }
    }

    private static void Run(MlKemPath path, MlKemParameters set)
    {
        foreach (bool atTheEnd in (bool[])[true, false])
        {
            using GuardedBuffer seed = new(new SeededRandom(5).Bytes(64), atTheEnd);
            using GuardedBuffer randomness = new(new SeededRandom(6).Bytes(32), atTheEnd);
            using GuardedBuffer key = new(set.EncapsulationKeySize, atTheEnd);
            using GuardedBuffer longKey = new(set.DecapsulationKeySize, atTheEnd);
            using GuardedBuffer ciphertext = new(set.CiphertextSize, atTheEnd);
            using GuardedBuffer sent = new(32, atTheEnd);
            using GuardedBuffer received = new(32, atTheEnd);

            path.DeriveEncapsulationKey(set, seed.Span, key.Span);
            path.ExpandDecapsulationKey(set, seed.Span, longKey.Span);
            Assert.True(path.IsValidEncapsulationKey(set, key.Span));
            Assert.True(MlKemCore.IsValidDecapsulationKey(set, longKey.Span));
            Assert.True(path.TryEncapsulate(set, key.Span, randomness.Span, ciphertext.Span, sent.Span));
            path.Decapsulate(set, seed.Span, ciphertext.Span, received.Span);
            Assert.Equal(sent.Span.ToArray(), received.Span.ToArray());
            received.Span.Clear();
            Assert.True(path.TryDecapsulateExpanded(set, longKey.Span, ciphertext.Span, received.Span));
            Assert.Equal(sent.Span.ToArray(), received.Span.ToArray());
            RunExpanded(path, set, longKey, randomness, ciphertext, sent);
        }
    }

    private static unsafe void RunExpanded(
        MlKemPath path,
        MlKemParameters set,
        GuardedBuffer longKey,
        GuardedBuffer randomness,
        GuardedBuffer ciphertext,
        GuardedBuffer sent)
    {
        using GuardedBuffer memory = new(MlKemExpansion.SizeBytes(set.Rank), atTheEnd: true);
        using GuardedBuffer received = new(32, atTheEnd: true);
        ReadOnlySpan<byte> key = longKey.Span.Slice(set.VectorSize, set.EncapsulationKeySize);
        fixed (byte* first = memory.Span)
        {
            MlKemExpansion parts = new(first, set.Rank);

            path.ExpandPrivate(set, longKey.Span, parts);
            path.Encapsulate(set, key, parts, randomness.Span, ciphertext.Span, sent.Span);
            path.Decapsulate(set, longKey.Span, parts, ciphertext.Span, received.Span);

            Assert.Equal(sent.Span.ToArray(), received.Span.ToArray());
            parts.Erase();
        }
    }
}
