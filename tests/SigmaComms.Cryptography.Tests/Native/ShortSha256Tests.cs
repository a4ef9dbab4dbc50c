using System.Security.Cryptography;
using SigmaComms.Cryptography.Native;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Native;

public sealed class ShortSha256Tests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_standards_examples_hash_to_its_answers(string text, string answer)
    {
        byte[] hash = new byte[32];

        ShortSha256.Hash(System.Text.Encoding.ASCII.GetBytes(text), hash);

        Assert.Equal(answer, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Every_length_around_the_longest_hashes_as_the_framework_does()
    {
        const int Seed = 1_407;
        output.WriteLine($"seed {Seed}; native: {ShortSha256.IsNative}");
        byte[] data = new byte[ShortSha256.SizeMax + 70];
        new Random(Seed).NextBytes(data);
        byte[] hash = new byte[32];

        for (int length = 0; length <= data.Length; length++)
        {
            ShortSha256.Hash(data.AsSpan(0, length), hash);

            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), hash);
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        byte[] expected = SHA256.HashData("a node of a tree"u8);
        bool[] isSame = new bool[8];

        Parallel.For(0, isSame.Length, i =>
        {
            byte[] hash = new byte[32];
            isSame[i] = true;
            for (int round = 0; round < 2_000; round++)
            {
                ShortSha256.Hash("a node of a tree"u8, hash);
                isSame[i] &= hash.AsSpan().SequenceEqual(expected);
            }
        });

        Assert.All(isSame, Assert.True);
    }
}
