using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Trees;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Persistence.Tests;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Whole trees, there and back.</summary>
public sealed class VaultTreeTests : IDisposable
{
    private readonly VaultWorld _world = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_tree_comes_back_with_modes_times_and_links()
    {
        string source = _folder.File("source");
        MakeTree(source, files: 120);
        await using OpenedVault vault = await _world.NewVaultAsync();
        Told told = new();

        TreeResult put = await vault.PutTreeAsync(source, Of("/tree"), new PutOptions(), told, default);
        TreeResult got = await vault.GetTreeAsync(
            Of("/tree"), _folder.File("copy"), new GetOptions(), null, default);

        Assert.Empty(put.Skipped);
        Assert.Equal((121, 4, 1), (put.Files, put.Directories, put.Links));
        Assert.Equivalent(put, got);
        Assert.Equal(Picture(source), Picture(_folder.File("copy")));
        Assert.Equal(new VaultProgress(put.Bytes, put.Bytes, 122, 122), told.Last);
    }

    [Fact]
    public async Task Small_files_share_entries_of_the_log()
    {
        string source = _folder.File("source");
        MakeTree(source, files: 300);
        await using OpenedVault vault = await _world.NewVaultAsync();
        ulong before = EntriesOf(vault);
        int appends = 0;

        // The first entry with files takes until many others wait; a log that is never slow need not bundle any.
        _world.LastLog.BeforeAppend = async () =>
        {
            long begun = TimeProvider.System.GetTimestamp();
            bool isHeld = ++appends == 2;
            while (isHeld && vault.Desk.Waiting < 40
                && TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        };

        await vault.PutTreeAsync(source, Of("/tree"), new PutOptions(), null, default);

        Assert.InRange(EntriesOf(vault) - before, 1u, 270u);
    }

    [Fact]
    public async Task Putting_a_tree_again_replaces_files_and_keeps_what_else_is_there()
    {
        string source = _folder.File("source");
        MakeTree(source, files: 3);
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.PutTreeAsync(source, Of("/tree"), new PutOptions(), null, default);
        await PutAsync(vault, "/tree/other", [9]);

        File.WriteAllText(Path.Combine(source, "big"), "new");
        await vault.PutTreeAsync(source, Of("/tree"), new PutOptions(), null, default);

        Assert.Equal("new"u8.ToArray(), await GetAsync(vault, "/tree/big"));
        Assert.Equal([9], await GetAsync(vault, "/tree/other"));
    }

    [Fact]
    public async Task A_link_on_this_machine_is_not_followed_into_another_folder()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.MakeDirectoryAsync(Of("/tree/sub"), Everything, makesParents: true, default);
        await PutAsync(vault, "/tree/sub/file", [1]);
        string elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        Directory.CreateDirectory(_folder.File("copy"));
        File.CreateSymbolicLink(Path.Combine(_folder.File("copy"), "sub"), elsewhere);

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => vault.GetTreeAsync(
            Of("/tree"), _folder.File("copy"), new GetOptions(), null, default));

        Assert.Equal(VaultFailure.Disk, thrown.Reason);
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task One_file_that_cannot_be_read_does_not_keep_the_others_of_its_tree_back()
    {
        string source = _folder.File("source");
        MakeTree(source, files: 20);
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.MakeDirectoryAsync(Of("/tree"), Everything, makesParents: true, default);
        await PutAsync(vault, "/tree/lost", new SeededRandom(5).Bytes(70_000));
        FragmentId[][] lost = [.. Enumerable.Range(0, 6).Select(node => _world.Node(node).Store.Ids.ToArray())];
        await vault.PutTreeAsync(source, Of("/tree/more"), new PutOptions(), null, default);
        for (int node = 0; node < lost.Length; node++)
        {
            foreach (FragmentId id in lost[node])
            {
                await _world.Node(node).Store.DeleteAsync(id, default);
            }
        }

        TreeResult got = await vault.GetTreeAsync(
            Of("/tree"), _folder.File("copy"), new GetOptions(), null, default);
        VaultException alone = await Assert.ThrowsAsync<VaultException>(() => vault.GetTreeAsync(
            Of("/tree/lost"), _folder.File("alone"), new GetOptions(), null, default));

        Assert.Contains("/tree/lost", Assert.Single(got.Skipped), StringComparison.Ordinal);
        Assert.Equal(21, got.Files);
        Assert.Equal(Picture(source), Picture(_folder.File("copy/more")));
        Assert.False(File.Exists(_folder.File("copy/lost")));
        Assert.Equal(VaultFailure.NeedsFragments, alone.Reason);
    }

    [Fact]
    public async Task A_tree_of_which_nothing_can_be_read_is_given_up_soon()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.MakeDirectoryAsync(Of("/tree"), Everything, makesParents: true, default);
        string source = Directory.CreateDirectory(_folder.File("source")).FullName;
        for (int i = 0; i < 200; i++)
        {
            File.WriteAllBytes(Path.Combine(source, $"{i}"), new SeededRandom((ulong)i).Bytes(3_000));
        }

        await vault.PutTreeAsync(source, Of("/tree"), new PutOptions(), null, default);
        for (int node = 0; node < 6; node++)
        {
            _world.Node(node).Store = new MemoryFragmentStore();
        }

        VaultException thrown = await Assert.ThrowsAsync<VaultException>(() => vault.GetTreeAsync(
            Of("/tree"), _folder.File("copy"), new GetOptions(), null, default));

        Assert.Equal(VaultFailure.NeedsFragments, thrown.Reason);
    }

    [Fact]
    public async Task A_single_file_is_a_tree_too()
    {
        string source = _folder.File("file");
        File.WriteAllBytes(source, new SeededRandom(3).Bytes(100_000));
        await using OpenedVault vault = await _world.NewVaultAsync();

        await vault.PutTreeAsync(source, Of("/f"), new PutOptions(), null, default);
        await vault.GetTreeAsync(Of("/f"), _folder.File("back"), new GetOptions(), null, default);

        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(_folder.File("back")));
        Assert.Equal(FileKind.Regular, (await vault.StatAsync(Of("/f"), default)).Kind);
    }

    [LinuxFact]
    public async Task Owners_and_dates_of_links_to_the_nanosecond_are_kept_and_only_root_gives_files_away()
    {
        string source = Directory.CreateDirectory(_folder.File("source")).FullName;
        string file = Path.Combine(source, "file");
        string link = Path.Combine(source, "link");
        File.WriteAllText(file, "content");
        LocalFiles.MakeLink(link, [0xFF, 0xFE, (byte)'x']);
        LocalFiles.SetModified(link, LocalKind.Link, 981_173_106_123_456_789);
        LocalFiles.SetModified(file, LocalKind.File, -1);
        LocalFiles.SetOwner(file, 1_234, 5_678);
        await using OpenedVault vault = await _world.NewVaultAsync();

        await vault.PutTreeAsync(source, Of("/t"), new PutOptions(), null, default);
        await vault.GetTreeAsync(Of("/t"), _folder.File("copy"), new GetOptions(), null, default);

        LocalStat there = LocalFiles.Look(file);
        Assert.True(!Environment.IsPrivilegedProcess || (there.Uid, there.Gid) == (1_234u, 5_678u));
        Assert.Equal(there, LocalFiles.Look(_folder.File("copy/file")));
        Assert.Equal(LocalFiles.Look(link), LocalFiles.Look(_folder.File("copy/link")));
        Assert.Equal(981_173_106_123_456_789, LocalFiles.Look(link).ModifiedAt);
        Assert.Equal([0xFF, 0xFE, (byte)'x'], LocalFiles.TargetOf(_folder.File("copy/link")));
        Assert.Equal(there.Uid, (await vault.StatAsync(Of("/t/file"), default)).Stat.Owner.Uid);
    }

    [Fact]
    public async Task Missing_directories_above_are_made_only_if_wished()
    {
        string source = _folder.File("source");
        MakeTree(source, files: 2);
        await using OpenedVault vault = await _world.NewVaultAsync();

        VaultException refused = await Assert.ThrowsAsync<VaultException>(() => vault.PutTreeAsync(
            source, Of("/a/b/tree"), new PutOptions(), null, default));
        await vault.PutTreeAsync(source, Of("/a/b/tree"), new PutOptions { MakesParents = true }, null, default);
        using MemoryStream one = new([7]);
        await vault.PutAsync(one, Of("/a/c/f"), new PutOptions { MakesParents = true }, null, default);

        Assert.Equal(Errno.NotFound, refused.Errno);
        Assert.True((await vault.StatAsync(Of("/a/b/tree/a"), default)).IsDirectory);
        Assert.Equal([7], await GetAsync(vault, "/a/c/f"));
    }

    [Theory]
    [InlineData("con")]
    [InlineData("LPT1.txt")]
    [InlineData("C:")]
    [InlineData(@"..\up")]
    [InlineData("what?")]
    [InlineData("dot.")]
    [InlineData("blank ")]
    [InlineData("tab\t")]
    public void What_would_be_no_name_or_another_one_on_Windows_is_told(string name)
    {
        LocalNames windows = new(NameRules.Windows);

        Assert.NotNull(windows.ObjectionTo(name));
        Assert.Null(windows.ObjectionTo("console"));
        Assert.Null(new LocalNames(NameRules.Linux).ObjectionTo(name));
    }

    [Fact]
    public void Two_names_that_are_one_on_this_machine_never_become_one_file()
    {
        foreach (NameRules system in new[] { NameRules.Windows, NameRules.Mac, NameRules.Linux })
        {
            LocalNames names = new(system);

            Assert.Null(names.ObjectionTo("Readme"));
            Assert.Equal(system == NameRules.Linux, names.ObjectionTo("README") is null);
            Assert.Null(names.ObjectionTo("other"));
        }
    }

    private static ulong EntriesOf(OpenedVault vault) => vault.Position.Count;

    private static void MakeTree(string top, int files)
    {
        var random = new SeededRandom((ulong)files);
        Directory.CreateDirectory(Path.Combine(top, "a", "empty"));
        Directory.CreateDirectory(Path.Combine(top, "b"));
        for (int i = 0; i < files; i++)
        {
            string file = Path.Combine(top, i % 2 == 0 ? "a" : "b", $"file {i}");
            File.WriteAllBytes(file, random.Bytes(i * 37 % 5_000));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, (UnixFileMode)(i % 3 == 0 ? 0x1ED : 0x180));
            }

            File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 1, 0, 0, i % 60, DateTimeKind.Utc));
        }

        File.WriteAllBytes(Path.Combine(top, "big"), random.Bytes(1_000_000));
        File.CreateSymbolicLink(Path.Combine(top, "link"), "a/file 0");
        Directory.SetLastWriteTimeUtc(Path.Combine(top, "a"), new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private static List<string> Picture(string top) =>
    [
        .. new DirectoryInfo(top).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(info => string.Join(
                " ",
                Path.GetRelativePath(top, info.FullName),
                info.LinkTarget ?? $"{info.UnixFileMode} {info.LastWriteTimeUtc.Ticks}",
                info is FileInfo { LinkTarget: null }
                    ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                        File.ReadAllBytes(info.FullName)))
                    : ""))
            .Order(StringComparer.Ordinal),
    ];

    private sealed class Told : IProgress<VaultProgress>
    {
        private readonly Lock _gate = new();

        public VaultProgress Last { get; private set; }

        public void Report(VaultProgress value)
        {
            lock (_gate)
            {
                Last = value.Bytes + value.Files >= Last.Bytes + Last.Files ? value : Last;
            }
        }
    }
}
