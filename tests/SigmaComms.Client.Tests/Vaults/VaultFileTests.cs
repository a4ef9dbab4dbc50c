using System.Text;
using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>Files, directories and what keeps them from being what the user asked for.</summary>
public sealed class VaultFileTests : IDisposable
{
    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_048)]
    [InlineData(2_049)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task What_is_put_is_got_back_by_another_process(int length)
    {
        byte[] content = new SeededRandom((ulong)length).Bytes(length);
        VaultPath path = VaultPath.Parse("/file");
        await using (OpenedVault vault = await _world.NewVaultAsync())
        {
            await PutAsync(vault, "/file", content);
        }

        await using OpenedVault again = await _world.ReopenAsync();
        VaultEntry entry = await again.StatAsync(path, default);

        Assert.Equal(content, await GetAsync(again, "/file"));
        Assert.Equal((FileKind.Regular, (long)length), (entry.Kind, entry.Size));
        Assert.Equal(length > 2_048, _world.FragmentCount > 0);
    }

    [Fact]
    public async Task Any_range_of_a_file_is_read_alone()
    {
        var random = new SeededRandom(7);
        byte[] content = random.Bytes(300_000);
        await using OpenedVault vault = await _world.NewVaultAsync();
        await PutAsync(vault, "/file", content);
        await PutAsync(vault, "/small", content[..100]);

        foreach ((long offset, long length) in new[]
            { (0L, 10L), (65_530, 12), (65_536, 65_536), (1, 299_999), (299_999, 5), (300_000, 1), (400_000, 1) })
        {
            int from = (int)Math.Min(offset, content.Length);
            int to = (int)Math.Min(offset + length, content.Length);
            Assert.Equal(content[from..to], await ReadAsync(vault, "/file", offset, length));
        }

        Assert.Equal(content[10..30], await ReadAsync(vault, "/small", 10, 20));
    }

    [Fact]
    public async Task Directories_are_made_listed_moved_and_removed()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();

        await vault.MakeDirectoryAsync(VaultPath.Parse("/a/b/c"), Everything, makesParents: true, default);
        await PutAsync(vault, "/a/b/one", [1]);
        await PutAsync(vault, "/a/b/c/two", [2]);
        await vault.MoveAsync(VaultPath.Parse("/a/b"), VaultPath.Parse("/moved"), mayReplace: false, default);

        Assert.Equal(["/moved/c", "/moved/one"], await NamesAsync(vault, "/moved"));
        Assert.Equal([2], await GetAsync(vault, "/moved/c/two"));
        Assert.Equal(4, await vault.RemoveAsync(VaultPath.Parse("/moved"), isRecursive: true, default));
        Assert.Equal(["/a"], await NamesAsync(vault, "/"));
    }

    [Fact]
    public async Task What_cannot_be_done_has_the_kernels_reason_and_the_path()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        await vault.MakeDirectoryAsync(VaultPath.Parse("/d/e"), Everything, makesParents: true, default);
        await PutAsync(vault, "/f", [1]);

        await AssertAsync(Errno.NotFound, "/x/y", () => PutAsync(vault, "/x/y", [1]), "/x");
        await AssertAsync(Errno.NotDirectory, "/f/y", () => PutAsync(vault, "/f/y", [1]));
        await AssertAsync(Errno.IsDirectory, "/d", () => PutAsync(vault, "/d", [1]));
        await AssertAsync(Errno.Exists, "/d", () => vault.MakeDirectoryAsync(Of("/d"), Everything, false, default));
        await AssertAsync(Errno.NotEmpty, "/d", () => vault.RemoveAsync(Of("/d"), false, default));
        await AssertAsync(Errno.NotFound, "/x", () => vault.RemoveAsync(Of("/x"), true, default));
        await AssertAsync(Errno.NotPermitted, "/", () => vault.RemoveAsync(Of("/"), true, default));
        await AssertAsync(Errno.Invalid, "/d", () => vault.MoveAsync(Of("/d"), Of("/d/e/d"), false, default));
        await AssertAsync(Errno.Exists, "/d", () => vault.MoveAsync(Of("/f"), Of("/d"), false, default));
        await AssertAsync(Errno.IsDirectory, "/d", () => GetAsync(vault, "/d"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a\0b")]
    public void What_is_no_name_is_no_path(string text)
    {
        VaultException thrown = Assert.Throws<VaultException>(() => VaultPath.Parse(text));

        Assert.Equal(VaultFailure.BadPath, thrown.Reason);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_no_path()
    {
        string surrogate = new((char)0xD800, 1);

        VaultException thrown = Assert.Throws<VaultException>(() => VaultPath.Parse(surrogate));

        Assert.Equal(VaultFailure.BadPath, thrown.Reason);
    }

    [Fact]
    public async Task Names_have_one_to_255_bytes()
    {
        string longest = string.Concat(Enumerable.Repeat("é", 127)) + "x";
        await using OpenedVault vault = await _world.NewVaultAsync();

        await PutAsync(vault, "/" + longest, [1]);
        await PutAsync(vault, "/x", [2]);

        Assert.Equal(["/x", "/" + longest], await NamesAsync(vault, "/"));
        Assert.Throws<VaultException>(() => VaultPath.Parse(longest + "x"));
    }

    internal const UnixFileMode Everything = (UnixFileMode)0x1ED;

    internal static VaultPath Of(string path) => VaultPath.Parse(path);

    internal static Task PutAsync(OpenedVault vault, string path, byte[] content) =>
        vault.PutAsync(new MemoryStream(content), VaultPath.Parse(path), new PutOptions(), null, default);

    internal static async Task<byte[]> GetAsync(OpenedVault vault, string path)
    {
        using MemoryStream got = new();
        await vault.GetAsync(VaultPath.Parse(path), got, null, default);
        return got.ToArray();
    }

    internal static async Task<string[]> NamesAsync(OpenedVault vault, string path) =>
        [.. (await vault.ListAsync(VaultPath.Parse(path), default)).Select(entry => entry.Path.ToString())];

    private static async Task<byte[]> ReadAsync(OpenedVault vault, string path, long offset, long length)
    {
        using MemoryStream got = new();
        long given = await vault.ReadAsync(VaultPath.Parse(path), offset, length, got, default);
        Assert.Equal(given, got.Length);
        return got.ToArray();
    }

    private static async Task AssertAsync(Errno errno, string path, Func<Task> work, string? told = null)
    {
        VaultException thrown = await Assert.ThrowsAsync<VaultException>(work);
        Assert.Equal((VaultFailure.Namespace, errno, told ?? path), (thrown.Reason, thrown.Errno, thrown.Path));
        Assert.StartsWith((told ?? path) + ": ", thrown.Message, StringComparison.Ordinal);
    }
}
