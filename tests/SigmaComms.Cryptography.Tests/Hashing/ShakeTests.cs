using SigmaComms.Cryptography.Hashing;
using Framework = System.Security.Cryptography;

namespace SigmaComms.Cryptography.Tests.Hashing;

/// <summary>Known answers of FIPS 202, and the framework's one-shot hash for every cut.</summary>
public sealed class ShakeTests
{
    // NIST's example values for FIPS 202, empty message, first 32 bytes.
    private const string EmptyShake128 = "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26";
    private const string EmptyShake256 = "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f";

    [Fact]
    public void The_empty_message_gives_the_values_of_the_standard()
    {
        byte[] output128 = new byte[32];
        byte[] output256 = new byte[32];

        Shake128.HashData([], output128);
        Shake256.HashData([], output256);

        Assert.Equal(EmptyShake128, Convert.ToHexStringLower(output128));
        Assert.Equal(EmptyShake256, Convert.ToHexStringLower(output256));
    }

    [Fact]
    public void Every_way_to_cut_input_and_output_gives_the_same_bytes()
    {
        byte[] data = new SeededRandom(2).Bytes(500);
        byte[] expected128 = Framework.Shake128.HashData(data, 700);
        byte[] expected256 = Framework.Shake256.HashData(data, 700);

        for (int step = 1; step <= 350; step++)
        {
            using Shake128 shake128 = new();
            using Shake256 shake256 = new();
            for (int at = 0; at < data.Length; at += step)
            {
                ReadOnlySpan<byte> piece = data.AsSpan(at, Math.Min(step, data.Length - at));
                shake128.Absorb(piece);
                shake256.Absorb(piece);
            }

            Assert.Equal(expected128, Pieces(shake128.Squeeze, step));
            Assert.Equal(expected256, Pieces(shake256.Squeeze, step));
        }
    }

    [Fact]
    public void Reset_starts_anew_and_absorbing_after_output_is_refused()
    {
        using Shake256 shake = new();
        byte[] output = new byte[32];
        shake.Absorb([1, 2, 3]);
        shake.Squeeze(output);

        Assert.Throws<InvalidOperationException>(() => shake.Absorb([4]));
        shake.Reset();
        shake.Squeeze(output);

        Assert.Equal(EmptyShake256, Convert.ToHexStringLower(output));
    }

    private delegate void Squeezer(Span<byte> output);

    private static byte[] Pieces(Squeezer squeeze, int step)
    {
        byte[] output = new byte[700];
        for (int at = 0; at < output.Length; at += step)
        {
            squeeze(output.AsSpan(at, Math.Min(step, output.Length - at)));
        }

        return output;
    }
}
