using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Agent;
using SigmaComms.Client.Identity;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests;

public sealed class OpenedIdentityTests : IDisposable
{
    private static readonly byte[] Passphrase = "correct horse"u8.ToArray();

    private readonly TempFolder _temp = new();
    private readonly ClusterId _cluster = ClusterId.Create(new SeededRandom(1));

    private IdentityFolder Folder => new(_temp.File("alpha"));

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task One_process_at_a_time_has_an_identity_open()
    {
        Make();
        OpenedIdentity first = await OpenAsync();

        KeyStoreException failure = await Assert.ThrowsAsync<KeyStoreException>(OpenAsync);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using OpenedIdentity second = await OpenAsync();

        Assert.Equal(KeyStoreFailure.InUse, failure.Reason);
        Assert.Equal("alpha", (await second.Client.GetStatusAsync(default)).Name);
    }

    [Fact]
    public async Task A_wrong_passphrase_is_told_and_leaves_the_identity_free()
    {
        Make();

        KeyStoreException failure = await Assert.ThrowsAsync<KeyStoreException>(
            () => OpenedIdentity.OpenAsync(Options(), "wrong"u8.ToArray(), default));
        await using OpenedIdentity opened = await OpenAsync();

        Assert.Equal(KeyStoreFailure.WrongPassphrase, failure.Reason);
        Assert.NotNull(opened.Client);
    }

    [Fact]
    public async Task An_identity_of_another_cluster_is_refused_with_advice()
    {
        Make();
        OpenedIdentityOptions options = Options();
        options.Cluster = options.Cluster with { Cluster = ClusterId.Create(new SeededRandom(2)) };

        ClientException failure = await Assert.ThrowsAsync<ClientException>(
            () => OpenedIdentity.OpenAsync(options, Passphrase, default));

        Assert.Equal(ClientFailure.WrongCluster, failure.Reason);
        Assert.Contains("cluster file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_and_device_are_the_same_each_time_it_is_opened()
    {
        Make();
        ClientStatus first;
        await using (OpenedIdentity opened = await OpenAsync())
        {
            first = await opened.Client.GetStatusAsync(default);
        }

        await using OpenedIdentity again = await OpenAsync();
        ClientStatus second = await again.Client.GetStatusAsync(default);

        Assert.Equal((first.Account, first.Device), (second.Account, second.Device));
    }

    [Fact]
    public async Task The_first_command_becomes_the_agent_and_the_second_one_uses_it_without_a_passphrase()
    {
        Make();
        await using AgentAccess first = await AccessAsync(_ => OpenAsync());

        await using AgentAccess second = await AccessAsync(
            _ => throw new InvalidOperationException("the passphrase was asked"));
        AgentStatus status = await second.Agent.GetStatusAsync(default);

        Assert.True(first.IsServing);
        Assert.False(second.IsServing);
        Assert.Equal("alpha", status.Name);
    }

    [Fact]
    public async Task What_it_stores_holds_no_name_of_a_peer_and_no_text()
    {
        Make();
        await using (OpenedIdentity opened = await OpenAsync())
        {
            Assert.Equal("alpha", (await opened.Client.GetStatusAsync(default)).Name);
        }

        byte[] stored = await File.ReadAllBytesAsync(Folder.Journal);

        Assert.Equal(-1, stored.AsSpan().IndexOf("alpha"u8));
    }

    private void Make()
    {
        using AccountSecrets secrets = AccountSecrets.Generate("alpha", _cluster, SystemRandom.Instance);
        KeyStore.Create(Folder.KeyStore, secrets, Passphrase, new Argon2Cost(8, 1), SystemRandom.Instance);
    }

    private OpenedIdentityOptions Options() => new()
    {
        Folder = Folder,
        Cluster = new ClusterProfile(_cluster, new byte[1952], ["127.0.0.1:9"]),
    };

    private Task<OpenedIdentity> OpenAsync() => OpenedIdentity.OpenAsync(Options(), Passphrase, default);

    private Task<AgentAccess> AccessAsync(Func<CancellationToken, Task<OpenedIdentity>> open) =>
        AgentAccess.OpenAsync(Folder, open, NullLogger.Instance, TimeProvider.System, default);
}
