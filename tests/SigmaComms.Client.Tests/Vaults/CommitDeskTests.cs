using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Files;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Tests.Vaults;

public sealed class CommitDeskTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly VaultWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_plan_that_throws_what_nobody_expects_fails_everybody_who_waits_with_it()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        List<Task<bool>> waiting = [];
        Change second = MakesDirectory(vault, "/second");
        Change faulty = new(VaultPath.Parse("/faulty"), _ => throw new FileNotFoundException("the folder is gone"));
        Change last = MakesDirectory(vault, "/last");

        // The others come while the first one is being planned: then they go into its entry.
        Change first = new(VaultPath.Parse("/first"), state =>
        {
            foreach (Change next in waiting.Count == 0 ? (Change[])[second, faulty, last] : [])
            {
                waiting.Add(vault.Desk.CommitAsync(next, default));
            }

            return DirectoryPlan.Of(vault.Core, state, VaultPath.Parse("/first"), UnixFileMode.UserRead, false);
        });

        Task<bool> begun = vault.Desk.CommitAsync(first, default);

        foreach (Task<bool> change in (Task<bool>[])[begun, .. waiting])
        {
            await Assert.ThrowsAsync<FileNotFoundException>(() => change.WaitAsync(Patience));
        }

        Assert.Equal(3, waiting.Count);
    }

    [Fact]
    public async Task After_a_plan_that_threw_others_are_committed_as_ever()
    {
        await using OpenedVault vault = await _world.NewVaultAsync();
        Change faulty = new(VaultPath.Parse("/faulty"), _ => throw new FileNotFoundException("the folder is gone"));
        await Assert.ThrowsAsync<FileNotFoundException>(() => vault.Desk.CommitAsync(faulty, default));

        bool counts = await vault.Desk.CommitAsync(MakesDirectory(vault, "/next"), default).WaitAsync(Patience);

        Assert.True(counts);
        Assert.Equal(FileKind.Directory, (await vault.StatAsync(VaultPath.Parse("/next"), default)).Kind);
    }

    private static Change MakesDirectory(OpenedVault vault, string path) => new(
        VaultPath.Parse(path),
        state => DirectoryPlan.Of(vault.Core, state, VaultPath.Parse(path), UnixFileMode.UserRead, false));
}
