using System.Text;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Mounting;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A vault as a kernel sees it, without a kernel.</summary>
public sealed class MountedVaultTests(ITestOutputHelper output) : IDisposable
{
    private const ulong Root = NamespaceLimits.Root;
    private static readonly Ownership Owner = new(0x1A4, 1_000, 1_000);

    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_was_synced_is_there_for_another_process()
    {
        byte[] content = new SeededRandom(1).Bytes(300_000);
        await using (MountedVault mount = await MountAsync())
        {
            ulong file = await CreateAsync(mount, "file");
            ulong small = await CreateAsync(mount, "small");
            await mount.WriteAsync(file, 0, content, default);
            await mount.WriteAsync(small, 0, content.AsMemory(0, 100), default);
            Assert.Equal(content, await ReadAsync(mount, file, 0, 400_000));

            Errno synced = await mount.SyncAllAsync(default);

            Assert.Equal(Errno.None, synced);
            Assert.Equal(0, mount.DirtyBytes);
            Assert.Equal(content, await ReadAsync(mount, file, 0, 400_000));
        }

        await using OpenedVault again = await _world.ReopenAsync();
        Assert.Equal(content, await GetAsync(again, "/file"));
        Assert.Equal(content[..100], await GetAsync(again, "/small"));
    }

    [Fact]
    public async Task A_thousand_small_files_are_a_few_stripes_and_entries()
    {
        var random = new SeededRandom(2);
        byte[][] contents = [.. Enumerable.Range(0, 1_000).Select(_ => random.Bytes(2_100 + random.Below(3_000)))];
        await using (MountedVault mount = await MountAsync())
        {
            // A log that is never slow need not bundle anything.
            TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _world.LastLog.BeforeAppend = () => written.Task;
            for (int i = 0; i < contents.Length; i++)
            {
                ulong file = await CreateAsync(mount, $"f{i}");
                await mount.WriteAsync(file, 0, contents[i], default);
                mount.Close(file);
            }

            written.SetResult();
            Assert.Equal(Errno.None, await mount.SyncAllAsync(default));
        }

        output.WriteLine($"{_world.FragmentCount} fragments, {_world.LastLog.Appends} entries");
        Assert.InRange(_world.FragmentCount, 1, 6 * 100);
        Assert.InRange(_world.LastLog.Appends, 1, 60);
        await using OpenedVault again = await _world.ReopenAsync();
        Assert.Equal(contents[0], await GetAsync(again, "/f0"));
        Assert.Equal(contents[999], await GetAsync(again, "/f999"));
    }

    [Fact]
    public async Task Whatever_is_written_cut_holed_and_stored_reads_as_plain_arrays_do()
    {
        SeededRandom random = new(3);
        await using MountedVault mount = await MountAsync();
        List<(ulong Inode, byte[] Content)> files = [];
        for (int i = 0; i < 3; i++)
        {
            files.Add((await CreateAsync(mount, $"f{i}"), []));
        }

        List<Task> stores = [];
        for (int step = 0; step < 400; step++)
        {
            int at = random.Below(files.Count);
            (ulong inode, byte[] content) = files[at];
            int offset = random.Below(200_000);
            int length = 1 + random.Below(random.Below(3) == 0 ? 150_000 : 3_000);
            switch (random.Below(8))
            {
                case 0:
                    offset = random.Below(4) == 0 ? random.Below(3_000) : offset;
                    Assert.Equal(Errno.None, await mount.TruncateAsync(inode, offset, default));
                    Array.Resize(ref content, offset);
                    break;
                case 1:
                    Assert.Equal(Errno.None, await mount.PunchHoleAsync(inode, offset, length, default));
                    int from = Math.Min(offset, content.Length);
                    content.AsSpan(from, Math.Min(length, content.Length - from)).Clear();
                    break;
                case 2 or 3:
                    stores.Add(mount.SyncAsync(inode, default).AsTask());
                    break;
                default:
                    byte[] bytes = random.Bytes(length);
                    Assert.Equal(Errno.None, await mount.WriteAsync(inode, offset, bytes, default));
                    Array.Resize(ref content, Math.Max(content.Length, offset + length));
                    bytes.CopyTo(content.AsSpan(offset));
                    break;
            }

            files[at] = (inode, content);
            offset = random.Below(250_000);
            length = 1 + random.Below(100_000);
            int first = Math.Min(offset, content.Length);
            Assert.Equal(
                content[first..Math.Min(content.Length, offset + length)],
                await ReadAsync(mount, inode, offset, length));
            Assert.True(mount.TryStat(inode, out InodeStat stat));
            Assert.Equal(content.Length, stat.Size);
        }

        await Task.WhenAll(stores);
        Assert.Equal(Errno.None, await mount.SyncAllAsync(default));
        await using OpenedVault again = await _world.ReopenAsync();
        for (int i = 0; i < files.Count; i++)
        {
            Assert.Equal(files[i].Content, await GetAsync(again, $"/f{i}"));
        }
    }

    [Fact]
    public async Task A_file_that_is_open_outlives_its_name_and_goes_when_it_is_closed()
    {
        await using MountedVault mount = await MountAsync();
        ulong file = await CreateAsync(mount, "file");
        await mount.WriteAsync(file, 0, "still here"u8.ToArray(), default);

        Assert.Equal(Errno.None, await mount.UnlinkAsync(Root, EntryName.Of("file"), default));
        await mount.SyncAllAsync(default);
        byte[] read = await ReadAsync(mount, file, 0, 100);
        mount.Close(file);
        await mount.SyncAllAsync(default);

        Assert.Equal("still here", Encoding.UTF8.GetString(read));
        Assert.False(mount.TryStat(file, out _));
        Assert.Equal(Errno.NotFound, mount.Lookup(Root, EntryName.Of("file"), out _));
    }

    [Fact]
    public async Task What_others_do_shows_and_makes_changes_wait_for_the_log()
    {
        await using MountedVault mount = await MountAsync();
        TaskCompletionSource seen = new();
        mount.OthersChanged += seen.SetResult;
        await using OpenedVault other = await _world.ReopenAsync();
        bool before = mount.IsShared;

        await other.MakeDirectoryAsync(VaultPath.Parse("/theirs"), (UnixFileMode)0x1ED, false, default);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Errno found = mount.Lookup(Root, EntryName.Of("theirs"), out InodeStat theirs);
        Errno taken = (await mount.MakeAsync(
            Root, EntryName.Of("theirs"), FileKind.Directory, Owner, 0, default)).Error;
        Errno made = (await mount.MakeAsync(Root, EntryName.Of("ours"), FileKind.Directory, Owner, 0, default)).Error;
        VaultEntry ours = await other.StatAsync(VaultPath.Parse("/ours"), default);

        Assert.True(!before && mount.IsShared);
        Assert.Equal((Errno.None, Errno.Exists, Errno.None), (found, taken, made));
        Assert.Equal(FileKind.Directory, theirs.Kind);
        Assert.True(ours.IsDirectory);
    }

    [Fact]
    public async Task A_time_that_was_set_after_a_write_stays_when_the_bytes_are_stored()
    {
        await using MountedVault mount = await MountAsync();
        ulong file = await CreateAsync(mount, "file");
        await mount.WriteAsync(file, 0, new byte[5_000], default);

        await mount.SetAttributesAsync(file, AttributeFields.ModifiedAt, default, 0, 12_345, default);
        mount.TryStat(file, out InodeStat early);
        await mount.SyncAllAsync(default);
        mount.TryStat(file, out InodeStat late);

        Assert.Equal((12_345L, 12_345L), (early.ModifiedAt, late.ModifiedAt));
    }

    [Fact]
    public async Task Storing_a_file_that_has_nothing_new_changes_nothing()
    {
        await using MountedVault mount = await MountAsync();
        ulong file = await CreateAsync(mount, "file");
        await mount.WriteAsync(file, 0, "content"u8.ToArray(), default);
        await mount.SyncAsync(file, default);
        mount.TryStat(file, out InodeStat before);

        await mount.SyncAsync(file, default);
        mount.TryStat(file, out InodeStat after);

        Assert.Equal(before, after);
        Assert.NotEqual(0, after.ModifiedAt);
    }

    [Fact]
    public async Task A_cluster_that_takes_nothing_is_told_by_sync_and_nothing_is_lost_when_it_is_back()
    {
        bool isAway = false;
        await using MountedVault mount = await MountAsync();
        _world.LastLog.Loses = () => isAway;
        ulong file = await CreateAsync(mount, "file");
        Assert.Equal(Errno.None, await mount.SyncAllAsync(default));
        isAway = true;
        await mount.WriteAsync(file, 0, "kept"u8.ToArray(), default);

        Errno told = await WhileTimePassesAsync(mount.SyncAsync(file, default));
        isAway = false;

        // Time here runs ahead of the threads: what is back may need more than one minute of it.
        Errno again = Errno.Io;
        for (int tries = 0; tries < 200 && again == Errno.Io; tries++)
        {
            again = await WhileTimePassesAsync(mount.SyncAllAsync(default));
        }

        Assert.Equal((Errno.Io, Errno.None), (told, again));
        Assert.Equal("kept", Encoding.UTF8.GetString(await ReadAsync(mount, file, 0, 10)));
    }

    private async Task<Errno> WhileTimePassesAsync(ValueTask<Errno> waiting)
    {
        Task<Errno> ended = waiting.AsTask();
        while (!ended.IsCompleted)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return await ended;
    }

    private async Task<MountedVault> MountAsync()
    {
        OpenedVault vault = await _world.NewVaultAsync();
        return vault.Mount(new MountOptions());
    }

    private static async Task<ulong> CreateAsync(MountedVault mount, string name)
    {
        (Errno error, ulong inode) = await mount.MakeAsync(
            Root, EntryName.Of(name), FileKind.Regular, Owner, 0, default);
        Assert.Equal(Errno.None, error);
        mount.Open(inode);
        return inode;
    }

    private static async Task<byte[]> ReadAsync(MountedVault mount, ulong inode, long offset, int length)
    {
        byte[] room = new byte[length];
        (Errno error, int count) = await mount.ReadAsync(inode, offset, room, default);
        Assert.Equal(Errno.None, error);
        return room[..count];
    }

    private static async Task<byte[]> GetAsync(OpenedVault vault, string path)
    {
        using MemoryStream got = new();
        await vault.GetAsync(VaultPath.Parse(path), got, null, default);
        return got.ToArray();
    }
}
