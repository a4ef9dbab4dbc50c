using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Tests.Entropy;

public sealed class MixedRandomTests
{
    private static readonly byte[] Label = "sigma random v1 output"u8.ToArray();

    [Fact]
    public void The_output_is_what_the_framework_computes_by_the_same_steps()
    {
        using MixedRandom random = new(new ReplayedSource([.. Enumerable.Range(0, 200).Select(static i => (byte)i)]));
        byte[] pool = HKDF.Extract(HashAlgorithmName.SHA512, "extra"u8.ToArray(), new byte[64]);
        byte[] first = [.. Enumerable.Range(0, 64).Select(static i => (byte)i)];
        byte[] second = [.. Enumerable.Range(64, 64).Select(static i => (byte)i)];
        byte[] next = SHA512.HashData(pool);

        random.Stir("extra"u8);
        byte[] one = Take(random, 40);
        byte[] two = Take(random, 40);

        Assert.Equal(Expected(first, pool, 40), one);
        Assert.Equal(Expected(second, next, 40), two);
    }

    [Fact]
    public void Whatever_is_mixed_in_every_output_depends_on_the_system()
    {
        using MixedRandom known = new(new SeededRandom(1));
        using MixedRandom other = new(new SeededRandom(2));
        known.Stir("chosen by an attacker"u8);
        other.Stir("chosen by an attacker"u8);

        Assert.NotEqual(Take(known, 32), Take(other, 32));
    }

    [Fact]
    public void What_is_mixed_in_changes_every_later_output()
    {
        using MixedRandom plain = new(new SeededRandom(1));
        using MixedRandom stirred = new(new SeededRandom(1));
        stirred.Stir("from a device"u8);

        Assert.NotEqual(Take(plain, 32), Take(stirred, 32));
        Assert.NotEqual(Take(plain, 32), Take(stirred, 32));
    }

    [Fact]
    public void A_source_with_an_alarm_is_not_mixed_in()
    {
        using MixedRandom plain = new(new SeededRandom(1));
        using MixedRandom stirred = new(new SeededRandom(1));

        bool taken = stirred.TryStir(new MonitoredSource(new ReplayedSource([0]), 4));

        Assert.False(taken);
        Assert.Equal(Take(plain, 32), Take(stirred, 32));
    }

    [Fact]
    public void A_healthy_source_is_mixed_in()
    {
        using MixedRandom plain = new(new SeededRandom(1));
        using MixedRandom stirred = new(new SeededRandom(1));

        bool taken = stirred.TryStir(new MonitoredSource(new SeededRandom(3), 8));

        Assert.True(taken);
        Assert.NotEqual(Take(plain, 32), Take(stirred, 32));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(100_000)]
    public void Any_size_is_filled_to_its_last_byte(int size)
    {
        using MixedRandom random = new(SystemRandom.Instance);

        byte[] lastBytes = [.. Enumerable.Range(0, 40).Select(_ => Take(random, size)[^1])];

        // All zero by chance: once in 2^320.
        Assert.True(lastBytes.AsSpan().ContainsAnyExcept((byte)0));
    }

    private static byte[] Expected(byte[] fresh, byte[] pool, int size) => HKDF.Expand(
        HashAlgorithmName.SHA512, HKDF.Extract(HashAlgorithmName.SHA512, fresh, pool), size, Label);

    private static byte[] Take(MixedRandom random, int size)
    {
        byte[] bytes = new byte[size];
        random.Fill(bytes);
        return bytes;
    }
}
