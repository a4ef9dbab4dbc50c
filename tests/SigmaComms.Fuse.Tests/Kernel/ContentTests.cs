using System.Globalization;
using SigmaComms.Fuse.Files;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Content, by the system calls of other processes.</summary>
public sealed class ContentTests
{
    private const int MiB = 1 << 20;

    [FuseFact]
    public Task A_mebibyte_written_at_once_is_read_back_when_answered_at_once() => LargeWritesAsync(later: false);

    [FuseFact]
    public Task A_mebibyte_written_at_once_is_read_back_when_answered_later() => LargeWritesAsync(later: true);

    [FuseFact]
    public async Task Appending_processes_do_not_overwrite_each_other()
    {
        await using var mount = new MountedMemory();
        await using var first = new Probe();
        await using var second = new Probe();

        Task[] both = [AppendManyAsync(first, mount["log"], "AA"), AppendManyAsync(second, mount["log"], "BB")];
        await Task.WhenAll(both);
        string counts = await mount.ShellAsync("tr -d 'B' <log | wc -c; tr -d 'A' <log | wc -c");

        Assert.Equal(["200", "200"], counts.Split('\n').Select(line => line.Trim()));

        static async Task AppendManyAsync(Probe probe, string path, string text)
        {
            long file = await probe.NumberAsync("open", path, Create | WriteOnly | Append, Rw);
            for (int i = 0; i < 100; i++)
            {
                await probe.CallAsync("append", file, Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text)));
            }

            await probe.CallAsync("close", file);
        }
    }

    [FuseFact]
    public async Task A_file_without_a_name_gets_one_by_linking_it()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        long file = await probe.NumberAsync("open", mount.Folder, TemporaryFile | ReadWrite, Rw);
        await probe.CallAsync("write", file, "AB", 0);
        string before = await mount.ShellAsync("ls -A");
        await probe.CallAsync("linkfd", file, mount["named"]);
        await probe.CallAsync("close", file);

        Assert.Equal("", before);
        Assert.Equal("1", (await probe.StatusAsync(mount["named"]))["nlink"]);
        Assert.Equal("ab", await mount.ShellAsync("od -An -tx1 named | tr -d ' '"));
    }

    [FuseFact]
    public async Task A_removed_file_lives_until_it_is_closed()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        await probe.CallAsync("write", file, "01", 0);
        await probe.CallAsync("unlink", mount["a"]);
        await probe.CallAsync("write", file, "02", 1);
        string read = await probe.CallAsync("read", file, 10, 0);
        await probe.CallAsync("close", file);

        Assert.Equal("0102", read);
        await Eventually.HoldsAsync(() => mount.Files.NodeCount == 1);
    }

    [FuseFact]
    public async Task Truncating_cuts_and_lengthens_with_zeros()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        await probe.CallAsync("write", file, "0102030405", 0);
        await probe.CallAsync("ftruncate", file, 2);
        await probe.CallAsync("ftruncate", file, 4);
        string read = await probe.CallAsync("read", file, 10, 0);
        long again = await probe.NumberAsync("open", mount["a"], Truncate | WriteOnly, 0);

        Assert.Equal("01020000", read);
        Assert.Equal("0", (await probe.StatusAsync(mount["a"]))["size"]);
        await probe.CallAsync("close", again);
        await probe.CallAsync("close", file);
    }

    [FuseFact]
    public async Task Holes_are_found_punched_and_filled()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);

        await probe.CallAsync("fill", file, 1, 4096, 1 << 20);
        long data = await probe.NumberAsync("lseek", file, 0, SeekData);
        long hole = await probe.NumberAsync("lseek", file, data, SeekHole);
        await probe.CallAsync("fallocate", file, PunchHole | KeepSize, 1 << 20, 4096);
        int none = await probe.ErrorAsync("lseek", file, 0, SeekData);
        string zeros = await probe.CallAsync("read", file, 4, 1 << 20);
        await probe.CallAsync("fallocate", file, 0, 0, 2 << 20);
        await probe.CallAsync("fallocate", file, KeepSize, 0, 4 << 20);
        await probe.CallAsync("fallocate", file, ZeroRange, 0, 8192);
        int unknown = await probe.ErrorAsync("fallocate", file, 8, 0, 4096);
        await probe.CallAsync("close", file);

        Assert.Equal(1 << 20, data);
        Assert.Equal((1 << 20) + 4096, hole);
        Assert.Equal((int)Errno.NoSuchAddress, none);
        Assert.Equal("00000000", zeros);
        Assert.Equal((int)Errno.NotSupported, unknown);
        Assert.Equal($"{2 << 20}", (await probe.StatusAsync(mount["a"]))["size"]);
    }

    [FuseFact]
    public async Task Sizes_and_offsets_have_more_than_32_bits()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);

        await probe.CallAsync("write", file, "7F", 1L << 40);
        string read = await probe.CallAsync("read", file, 2, (1L << 40) - 1);
        int beyond = await probe.ErrorAsync("write", file, "7F", 1L << 60);
        await probe.CallAsync("close", file);

        Assert.Equal("007F", read);
        Assert.Equal((int)Errno.TooLarge, beyond);
        Assert.Equal(
            ((1L << 40) + 1).ToString(CultureInfo.InvariantCulture), (await probe.StatusAsync(mount["a"]))["size"]);
    }

    [FuseFact]
    public async Task What_a_shared_mapping_writes_is_in_the_file()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        await probe.CallAsync("ftruncate", file, 8192);

        await probe.CallAsync("mmap", file, "CAFE", 5000);
        await probe.CallAsync("fsync", file);
        string read = await probe.CallAsync("read", file, 2, 5000);
        await probe.CallAsync("close", file);
        string other = await mount.ShellAsync("od -An -tx1 -j5000 -N2 a | tr -d ' '");

        Assert.Equal("CAFE", read);
        Assert.Equal("cafe", other);
        Assert.True(mount.Files.Syncs > 0);
    }

    [FuseFact]
    public async Task Copying_a_range_and_reading_past_the_cache_give_the_same_bytes()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        long source = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        long target = await probe.NumberAsync("open", mount["b"], Create | ReadWrite, Rw);

        string hash = await probe.CallAsync("fill", source, 3, 300_000, 0);
        long copied = await probe.NumberAsync("copy", source, target, 300_000);
        string direct = await mount.ShellAsync("dd if=b bs=4096 iflag=direct status=none | sha256sum");
        await probe.CallAsync("close", source);
        await probe.CallAsync("close", target);

        Assert.Equal(300_000, copied);
        Assert.StartsWith(hash, direct.ToUpperInvariant(), StringComparison.Ordinal);
    }

    [FuseFact]
    public async Task Room_is_shown_as_the_filesystem_says()
    {
        await using var mount = new MountedMemory();

        string room = await mount.ShellAsync("stat -f -c '%b %f %a %S %l %c' .");

        Assert.Equal("1048576 524288 262144 4096 255 1048576", room);
    }

    private static async Task LargeWritesAsync(bool later)
    {
        await using var mount = new MountedMemory();
        mount.Files.AnswersLater = later;
        await using var probe = new Probe();
        long file = await probe.NumberAsync("open", mount["a"], Create | ReadWrite, Rw);
        List<string> written = [];
        List<string> read = [];

        for (int i = 0; i < 8; i++)
        {
            written.Add(await probe.CallAsync("fill", file, i, MiB, (long)i * MiB));
        }

        await probe.CallAsync("close", file);

        // Read past the cache too, which the kernel does in pieces as large as were agreed.
        string direct = await mount.ShellAsync("dd if=a bs=8M iflag=direct status=none | wc -c");
        long again = await probe.NumberAsync("open", mount["a"], ReadOnly, 0);
        for (int i = 0; i < 8; i++)
        {
            read.Add(await probe.CallAsync("hash", again, MiB, (long)i * MiB));
        }

        await probe.CallAsync("close", again);

        Assert.Equal(written, read);
        Assert.Equal($"{8 * MiB}", direct);
    }
}
