using System.Runtime.CompilerServices;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

/// <summary>
/// The bytes of docs/formats/control-log-wal.md; the golden file was made by another program from that text.
/// </summary>
public sealed class GoldenWalTests
{
    [Fact]
    public void The_checksum_is_crc32c_by_its_check_value_also_in_parts()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0xE3069283u, new Crc32C().Add("123"u8).Add("456789"u8).Value);
    }

    [Fact]
    public void A_log_is_written_as_in_the_golden_file()
    {
        FaultyDisk disk = new(1);
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        using var log = WriteAheadLog.Create(disk, WalScript.Options, new FixedRandom());
        log.Append(1, "ballot"u8);
        log.Append(3, []);
        log.Sync();
        log.Append(255, all);
        log.Sync();

        byte[] bytes = disk.BytesOf("wal-0000000000000001.log");
        string[] golden = File.ReadAllLines(GoldenPath());
        byte[] expected = new byte[64 << 10];
        byte[] head = Convert.FromHexString(golden[0].Split(' ')[1]);
        head.CopyTo(expected, 0);
        head.CopyTo(expected, 4_096);
        Convert.FromHexString(golden[1].Split(' ')[1]).CopyTo(expected, 8_192);
        Convert.FromHexString(golden[2].Split(' ')[1]).CopyTo(expected, 12_288);

        Assert.Equal(expected, bytes);
    }

    private static string GoldenPath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "golden-wal.txt");

    private sealed class FixedRandom : IRandomSource
    {
        public void Fill(Span<byte> destination) => destination.Fill(0x5A);
    }
}
