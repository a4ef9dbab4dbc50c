using SigmaComms.Client.Vaults;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Client.Tests.Vaults.VaultFileTests;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>The sealed copy of the namespace that a client keeps, and what it does to openings.</summary>
public sealed class VaultCopyTests : IDisposable
{
    private readonly VaultWorld _world = new();

    private string Folder => Path.Combine(_world.Identities[0].Folder.Vaults, "home");

    private string CopyFile => Path.Combine(Folder, "copy");

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_opening_reads_only_what_is_newer_than_the_copy()
    {
        await FillAsync();
        (ulong read, OpenedVault vault) = await OpenAndWatchAsync();
        await using (vault)
        {
            IReadOnlyList<VaultEntry> entries = await vault.ListAsync(Of("/"), default);

            Assert.Equal(0u, read);
            Assert.Equal(20, entries.Count);
            Assert.Equal(Content(7), await GetAsync(vault, "/file7"));
        }

        await using OpenedVault again = await _world.ReopenAsync();
        await PutAsync(again, "/after", [1]);
        Assert.Equal([1], await GetAsync(again, "/after"));
    }

    [Fact]
    public async Task The_copy_is_its_owners_alone_and_shows_nothing()
    {
        await FillAsync();

        byte[] copy = await File.ReadAllBytesAsync(CopyFile);

        Assert.Equal(-1, copy.AsSpan().IndexOf("file7"u8));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CopyFile));
        }
    }

    [Fact]
    public async Task A_copy_that_is_damaged_anywhere_or_cut_is_as_good_as_none()
    {
        LogPosition end = await FillAsync();
        byte[] good = await File.ReadAllBytesAsync(CopyFile);
        int[] places = [0, 9, 40, good.Length / 2, good.Length - 1];

        foreach (byte[] bad in places.Select(place => Flipped(good, place)).Append(good[..^1]).Append([]))
        {
            await File.WriteAllBytesAsync(CopyFile, bad);
            (ulong read, OpenedVault vault) = await OpenAndWatchAsync();
            await using (vault)
            {
                Assert.Equal(end.Count, read);
                Assert.Equal(Content(7), await GetAsync(vault, "/file7"));
            }
        }
    }

    [Fact]
    public async Task A_copy_of_another_vault_of_the_same_device_is_as_good_as_none()
    {
        await FillAsync();
        using VaultSecret device = VaultSecret.OfDevice();
        VaultClient client = _world.ClientOf(_world.Identities[0]);
        await using (OpenedVault other = await client.CreateAsync("other", device, VaultWorld.SmallShape, default))
        {
            await PutAsync(other, "/else", [1]);
        }

        string strange = Path.Combine(_world.Identities[0].Folder.Vaults, "other", "copy");
        File.Copy(CopyFile, strange);
        await using OpenedVault opened = await client.OpenAsync("other", device, default);

        Assert.Equal("else", Assert.Single(await opened.ListAsync(Of("/"), default)).Path.ToString().TrimStart('/'));
    }

    [Fact]
    public async Task A_copy_that_is_older_than_what_is_remembered_is_no_way_back()
    {
        await FillAsync();
        byte[] older = await File.ReadAllBytesAsync(CopyFile);
        await using (OpenedVault vault = await _world.ReopenAsync())
        {
            await PutAsync(vault, "/newer", [1]);
        }

        await File.WriteAllBytesAsync(CopyFile, older);
        await using (OpenedVault vault = await _world.ReopenAsync())
        {
            Assert.Equal([1], await GetAsync(vault, "/newer"));
        }

        await File.WriteAllBytesAsync(CopyFile, older);
        VaultException refused = await Assert.ThrowsAsync<VaultException>(() => OpenShortenedAsync(by: 1));
        Assert.Equal(VaultFailure.LogFault, refused.Reason);
    }

    [Fact]
    public async Task A_log_that_ends_before_the_copy_is_refused_though_the_position_is_lost()
    {
        await FillAsync();
        File.Delete(Path.Combine(Folder, "position"));

        VaultException refused = await Assert.ThrowsAsync<VaultException>(() => OpenShortenedAsync(by: 1));

        Assert.Equal(VaultFailure.LogFault, refused.Reason);
    }

    [Fact]
    public async Task After_a_trim_beyond_the_copy_the_vault_opens_from_the_snapshot()
    {
        await FillAsync();
        byte[] older = await File.ReadAllBytesAsync(CopyFile);
        await using (OpenedVault vault = await _world.ReopenAsync())
        {
            await PutAsync(vault, "/newer", [1]);
            await vault.History.SnapshotAsync(default);
        }

        await File.WriteAllBytesAsync(CopyFile, older);
        await using OpenedVault opened = await _world.ReopenAsync();

        Assert.Equal([1], await GetAsync(opened, "/newer"));
        Assert.Equal(Content(7), await GetAsync(opened, "/file7"));
    }

    [Fact]
    public async Task Two_at_once_write_and_use_copies_and_lose_nothing()
    {
        await FillAsync();
        OpenedVault one = await _world.ReopenAsync();
        OpenedVault other = await _world.ReopenAsync();
        for (int i = 0; i < 20; i++)
        {
            await PutAsync(one, $"/one{i}", Content(i));
            await PutAsync(other, $"/other{i}", Content(i));
        }

        await Task.WhenAll(one.DisposeAsync().AsTask(), other.DisposeAsync().AsTask());
        await using OpenedVault opened = await _world.ReopenAsync();

        Assert.Equal(60, (await opened.ListAsync(Of("/"), default)).Count);
        Assert.Equal(Content(19), await GetAsync(opened, "/other19"));
    }

    [Fact]
    public async Task Forgetting_a_vault_forgets_its_copy()
    {
        await FillAsync();

        _world.ClientOf(_world.Identities[0]).Forget("home");

        Assert.False(File.Exists(CopyFile));
    }

    private static byte[] Content(int i) => [.. Enumerable.Range(0, 2_000).Select(at => (byte)(at * (i + 3) % 251))];

    private static byte[] Flipped(byte[] good, int place)
    {
        byte[] bad = [.. good];
        bad[place] ^= 1;
        return bad;
    }

    // Small enough for the entries themselves, and enough of them that a copy is worth its writing.
    private async Task<LogPosition> FillAsync()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        for (int i = 0; i < 20; i++)
        {
            await PutAsync(vault, $"/file{i}", Content(i));
        }

        return vault.Position;
    }

    private async Task<(ulong Read, OpenedVault Vault)> OpenAndWatchAsync()
    {
        ulong read = 0;
        OpenedVault vault = await _world.ReopenAsync(options => _world.LastLog.Bend = range =>
        {
            read += (ulong)range.Entries.Count;
            return range;
        });
        return (read, vault);
    }

    private Task<OpenedVault> OpenShortenedAsync(int by) => _world.ReopenAsync(options =>
    {
        _world.LastLog.Bend = range => range with
        {
            Entries = [.. range.Entries.SkipLast(by)],
            End = new LogPosition(range.End.Count - (ulong)by, range.End.Head),
        };
    });
}
