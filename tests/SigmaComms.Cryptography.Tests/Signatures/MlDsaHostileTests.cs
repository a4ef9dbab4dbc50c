using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Keys and signatures of the right length whose contents break a rule of the encoding.</summary>
public sealed class MlDsaHostileTests(ITestOutputHelper output)
{
    [Fact]
    public void A_private_key_with_any_secret_coefficient_out_of_range_is_refused_and_the_output_zeroed()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            MlDsaParameters set = dsa.Set;
            byte[] valid = dsa.LongKeyOf(new SeededRandom(11).Bytes(32));
            int first = 32 + 32 + 64;
            int coefficients = (set.Rows + set.Columns) * 256;
            for (int i = 0; i < coefficients; i += 5)
            {
                byte[] key = [.. valid];
                SetAllBits(key, (8 * first) + (i * set.SecretBits), set.SecretBits);
                byte[] signature = new SeededRandom(12).Bytes(dsa.SignatureSize);

                Assert.False(dsa.TrySignWithPrivateKey(key, default, default, new byte[32], signature));

                Assert.Equal(-1, signature.AsSpan().IndexOfAnyExcept((byte)0));
            }
        }
    }

    [Fact]
    public void Every_value_above_twice_eta_is_out_of_range_and_every_other_is_taken()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            uint[] coefficients = new uint[256];
            for (uint value = 0; value < 1u << dsa.Set.SecretBits; value++)
            {
                byte[] bytes = new byte[dsa.Set.SecretRowSize];
                coefficients[255] = value;
                BitPacking.Pack(coefficients, dsa.Set.SecretBits, bytes);

                uint bound = (uint)dsa.Set.SecretBound;
                foreach (IMlDsaArithmetic arithmetic in MlDsaArithmetic.All)
                {
                    bool taken = arithmetic.TryUnpackSigned(
                        bytes, dsa.Set.SecretBits, bound, 2 * bound, new uint[256]);

                    Assert.Equal(value <= 2 * bound, taken);
                }
            }
        }
    }

    [Fact]
    public void Hints_have_one_form_only()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            int max = dsa.Set.HintsMax;
            uint[] hints = new uint[dsa.Set.Rows * 256];
            hints[3] = 1;
            hints[200] = 1;
            hints[^1] = 1;
            byte[] valid = new byte[max + dsa.Set.Rows];
            MlDsaEncoding.PackHints(dsa.Set, hints, valid);
            uint[] again = new uint[hints.Length];

            Assert.True(MlDsaEncoding.TryUnpackHints(dsa.Set, valid, again));
            Assert.Equal(hints, again);
            Assert.False(Changed(valid, bytes => (bytes[0], bytes[1]) = (bytes[1], bytes[0])), "unordered");
            Assert.False(Changed(valid, bytes => bytes[1] = bytes[0]), "repeated");
            Assert.False(Changed(valid, bytes => bytes[max - 1] = 1), "not padded with zeros");
            Assert.False(Changed(valid, bytes => bytes[max + 1] = 1), "rows overlap");
            Assert.False(Changed(valid, bytes => bytes[^1] = (byte)(max + 1)), "too many");
            Assert.False(Changed(valid, bytes => bytes[max] = 255), "row ends beyond the room");

            bool Changed(byte[] from, Action<byte[]> change)
            {
                byte[] bytes = [.. from];
                change(bytes);
                return MlDsaEncoding.TryUnpackHints(dsa.Set, bytes, new uint[hints.Length]);
            }
        }
    }

    [Fact]
    public void A_full_hint_is_taken()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            uint[] hints = new uint[dsa.Set.Rows * 256];
            hints.AsSpan(256, dsa.Set.HintsMax).Fill(1);
            byte[] bytes = new byte[dsa.Set.HintsMax + dsa.Set.Rows];
            uint[] again = new uint[hints.Length];

            MlDsaEncoding.PackHints(dsa.Set, hints, bytes);

            Assert.True(MlDsaEncoding.TryUnpackHints(dsa.Set, bytes, again));
            Assert.Equal(hints, again);
        }
    }

    [Fact]
    public void Random_hints_are_taken_in_the_form_they_are_written_in_or_refused()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        int taken = 0;

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            uint[] hints = new uint[dsa.Set.Rows * 256];
            byte[] again = new byte[dsa.Set.HintsMax + dsa.Set.Rows];
            for (int run = 0; run < 20_000; run++)
            {
                // Few ones, so that some are in order by chance.
                byte[] bytes = new byte[again.Length];
                random.Fill(bytes.AsSpan(0, 3));
                for (int row = 0; row < dsa.Set.Rows; row++)
                {
                    bytes[dsa.Set.HintsMax + row] = (byte)Math.Min(3, row + random.Below(2));
                }

                if (MlDsaEncoding.TryUnpackHints(dsa.Set, bytes, hints))
                {
                    MlDsaEncoding.PackHints(dsa.Set, hints, again);
                    Assert.Equal(bytes, again);
                    taken++;
                }
            }
        }

        Assert.True(taken > 0);
    }

    [Fact]
    public void A_response_at_its_bound_does_not_verify()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = new byte[32];
            byte[] signature = dsa.SignatureOf(seed, default, default);
            byte[] key = dsa.PublicKeyOf(seed);
            for (int column = 0; column < dsa.Set.Columns; column++)
            {
                byte[] changed = [.. signature];
                int at = dsa.Set.ChallengeSize + (column * dsa.Set.MaskRowSize);
                uint[] response = new uint[256];
                MlDsaEncoding.UnpackMask(dsa.Set, changed.AsSpan(at, dsa.Set.MaskRowSize), response);
                response[0] = dsa.Set.MaskBound - dsa.Set.Reach;
                MlDsaEncoding.PackSigned(
                    dsa.Set.MaskBound, dsa.Set.MaskBits, response, changed.AsSpan(at, dsa.Set.MaskRowSize));

                Assert.False(dsa.Verify(key, default, default, changed));
            }
        }
    }

    [Fact]
    public void Random_bytes_of_the_right_lengths_do_not_verify_and_do_not_throw()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            for (int run = 0; run < 200; run++)
            {
                byte[] key = random.Bytes(dsa.PublicKeySize);
                byte[] signature = random.Bytes(dsa.SignatureSize);

                // A hint without ones, so that the check goes on to the end.
                signature.AsSpan(dsa.SignatureSize - dsa.Set.HintsMax - dsa.Set.Rows).Clear();

                Assert.False(dsa.Verify(key, default, default, signature));
            }
        }
    }

    private static void SetAllBits(byte[] bytes, int firstBit, int count)
    {
        for (int bit = firstBit; bit < firstBit + count; bit++)
        {
            bytes[bit / 8] |= (byte)(1 << (bit % 8));
        }
    }
}
