using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>The vaults of an identity: makes, lists and opens them.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class VaultClient
{
    private readonly VaultClientOptions _options;

    /// <summary>Takes over options.</summary>
    /// <param name="options">What it works with.</param>
    /// <exception cref="ArgumentException">The log writes for another device than the identity's.</exception>
    public VaultClient(VaultClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FilesAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LogAttempts, 1);
        if (options.Log.Writer != options.Identity.Device.Id)
        {
            throw new ArgumentException("The log writes for another device.", nameof(options));
        }

        _options = options;
    }

    /// <summary>The names of the vaults that this machine knows, sorted.</summary>
    public IReadOnlyList<string> Names => VaultFolder.Names(_options.Identity.Folder);

    /// <summary>Makes a vault and opens it.</summary>
    /// <param name="name">What it is called here: 1 to 64 letters, digits, '-', '_' and '.'.</param>
    /// <param name="secret">What opens it; never a member's or a recovery code.</param>
    /// <param name="shape">How stripes are cut; null: the usual for the storage nodes there are.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The vault; the caller disposes it.</returns>
    /// <exception cref="VaultException">It cannot be made.</exception>
    public async Task<OpenedVault> CreateAsync(
        string name, VaultSecret secret, VaultShape? shape, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Kind is SlotKind.Member or SlotKind.Recovery)
        {
            throw new ArgumentException("A vault begins with a passphrase, a device, or both.", nameof(secret));
        }

        byte[] random = new byte[Digest.SizeBytes];
        _options.Random.Fill(random);
        Digest salt = new(random);
        VaultIdentity identity = _options.Identity;
        VaultFolder folder = VaultFolder.Create(
            identity.Folder, name, VaultHeader.IdOf(identity.Device.Id, salt));
        try
        {
            MakeHeader(folder, secret, salt, shape);
            await FinishAsync(folder, cancellation);
        }
        catch (VaultException e) when (e.Reason is not (VaultFailure.Unavailable or VaultFailure.Unknown))
        {
            // Nothing was made. Without an answer the folder stays: opening the vault goes on from here.
            folder.Delete();
            throw;
        }

        return await OpenAsync(name, secret, cancellation);
    }

    /// <summary>Opens a vault and follows its log to the end.</summary>
    /// <param name="name">What it is called here.</param>
    /// <param name="secret">What opens it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The vault; the caller disposes it.</returns>
    /// <exception cref="VaultException">It is unknown, the secret is wrong, or the cluster lies.</exception>
    public async Task<OpenedVault> OpenAsync(string name, VaultSecret secret, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(secret);
        VaultFolder folder = VaultFolder.Open(_options.Identity.Folder, name);
        if (folder.ReadHeader() is not null)
        {
            await FinishAsync(folder, cancellation);
        }

        return await new VaultOpening(_options, folder).OpenAsync(secret, cancellation);
    }

    /// <summary>Publishes the key to which others share vaults with this device, if that was not done yet.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">No node answers, or the log is full.</exception>
    public Task PublishCardAsync(CancellationToken cancellation) =>
        new CardBoard(_options).PublishAsync(cancellation);

    /// <summary>The vaults that the cluster lets this device write to, with the names they have here.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">No node answers.</exception>
    public async Task<IReadOnlyList<VaultListing>> ListAsync(CancellationToken cancellation)
    {
        (LogStatus status, IReadOnlyList<VaultSummary> vaults) =
            await _options.Directory.ListAsync(cancellation);
        if (status != LogStatus.Done)
        {
            throw VaultErrors.Of(status, "*");
        }

        List<VaultListing> listed = [];
        foreach (string name in Names)
        {
            Digest vault = VaultFolder.Open(_options.Identity.Folder, name).Vault;
            listed.Add(new VaultListing(name, vault, vaults.FirstOrDefault(summary => summary.Vault == vault)));
        }

        Digest card = MemberCard.StreamOf(_options.Identity.Device.Id);
        HashSet<Digest> known = [card, .. listed.Select(listing => listing.Vault)];
        listed.AddRange(vaults
            .Where(summary => !known.Contains(summary.Vault))
            .Select(summary => new VaultListing(null, summary.Vault, summary)));
        return listed;
    }

    /// <summary>Gives a name to a vault that somebody shared with this device, or that is on another machine.</summary>
    /// <param name="name">What it is called here.</param>
    /// <param name="vault">The vault.</param>
    /// <exception cref="VaultException">The name is none or taken.</exception>
    public void Adopt(string name, Digest vault)
    {
        ArgumentNullException.ThrowIfNull(name);
        VaultFolder.Create(_options.Identity.Folder, name, vault);
    }

    /// <summary>Forgets a vault on this machine; the cluster keeps it.</summary>
    /// <param name="name">What it is called here.</param>
    /// <exception cref="VaultException">There is none of this name.</exception>
    public void Forget(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        VaultFolder.Open(_options.Identity.Folder, name).Delete();
    }

    private void MakeHeader(VaultFolder folder, VaultSecret secret, Digest salt, VaultShape? shape)
    {
        if (secret.Kind is SlotKind.Device or SlotKind.Hybrid)
        {
            folder.MakeDeviceKey(_options.Random).Dispose();
        }

        VaultShape cut = shape ?? VaultShape.DefaultFor(_options.Storage.Placement.Nodes.Count);
        HeaderAuthor author = new(_options.Identity.Device, _options.Random);
        using SlotSecret slot = secret.Resolve(folder, _options.Identity);
        (VaultHeader header, VaultKeyring keys) = author.Create(salt, cut, slot, _options.Cost);
        keys.Dispose();
        folder.KeepHeader(salt, header);
    }

    // The header is on the disk before the cluster hears of the vault: a crash in between is made good by opening it.
    private async Task FinishAsync(VaultFolder folder, CancellationToken cancellation)
    {
        (Digest salt, VaultHeader header) = folder.ReadHeader()!.Value;
        LogStatus status = await _options.Directory.CreateAsync(salt, cancellation);
        if (status != LogStatus.Done)
        {
            throw VaultErrors.Of(status, folder.Name);
        }

        VaultAccess access = new(
            folder.Vault, _options.Log, static _ => null, _options.Random, new MemorySnapshotStore());
        await using VaultSession session = VaultSession.Start(access);
        SyncResult sync = await session.SyncAsync(cancellation);
        if (session.Header is null && sync.IsCurrent)
        {
            CommitResult published = await session.PublishAsync(header, cancellation);
            if (!published.Succeeded)
            {
                throw VaultErrors.Of(published, folder.Name);
            }
        }

        if (session.Header is not null)
        {
            folder.DropHeader();
        }
    }
}
