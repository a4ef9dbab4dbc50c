using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>The bytes of docs/formats/vault-volume.md, made by another program.</summary>
public sealed class GoldenVolumeTests : IDisposable
{
    private const long Offset = 40_960;

    private readonly IReadOnlyDictionary<string, byte[]> _golden = Read();
    private readonly VolumeKey _key;

    public GoldenVolumeTests()
    {
        using MlDsa65SigningKey key = new(new byte[32]);
        _key = VolumeKey.Of(key);
    }

    private Digest Volume => new(_golden["volume"]);

    private SlotHeader Slot => new(
        638_000_000_000_000_000, new DateTimeOffset(638_000_000_000_000_123, TimeSpan.Zero), 128, _golden["label"]);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_header_of_a_volume_is_that_of_the_golden_file_and_opens()
    {
        VolumeHeader header = new(Volume, 3, 1L << 30);
        byte[] block = new byte[VolumeLayout.BlockSize];
        using AesGcmCipher cipher = _key.CipherOf(Volume);

        header.Write(cipher, new Counting(40), block);

        Assert.Equal(_golden["header"], block[..73]);
        Assert.Equal(_golden["header digest"], SHA256.HashData(block));
        Assert.Equal(header, VolumeHeader.Read(_key, block));
    }

    [Fact]
    public void A_slot_is_that_of_the_golden_file_and_opens_at_its_place_only()
    {
        byte[] slot = new byte[Slot.SlotSize];
        int contentAt = VolumeLayout.ContentOffset(Slot.Label.Length);
        _golden["fragment"].CopyTo(slot, contentAt);
        using SlotSealer sealer = new(Volume, _key.CipherOf(Volume), new Counting(90));

        sealer.Seal(Offset, Slot, slot);

        Assert.Equal(_golden["slot"], slot[..contentAt]);
        Assert.Equal(_golden["slot digest"], SHA256.HashData(slot));
        Assert.Equal(Slot.Sequence, sealer.TryOpen(Offset, slot)!.Sequence);
        Assert.Equal(_golden["label"], sealer.TryOpen(Offset, slot)!.Label.ToArray());
        Assert.Null(sealer.TryOpen(Offset + VolumeLayout.BlockSize, slot));
        Assert.True(FragmentLabel.TryDecode(_golden["label"], out FragmentLabel? label));
        Assert.Equal(128, label.Length);
    }

    private static Dictionary<string, byte[]> Read([CallerFilePath] string source = "")
    {
        string tests = source[..source.IndexOf("SigmaComms.Cluster.Tests", StringComparison.Ordinal)];
        return File.ReadLines(Path.Combine(tests, "golden", "vault", "volume.txt"))
            .Where(line => line.Contains('='))
            .Select(line => line.Split(" = "))
            .ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
    }

    private sealed class Counting(byte first) : IRandomSource
    {
        private byte _next = first;

        public void Fill(Span<byte> destination)
        {
            foreach (ref byte value in destination)
            {
                value = _next;
                _next = unchecked((byte)(_next + 1));
            }
        }
    }
}
