using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Sharing;

/// <summary>Who may open a vault, and by what. Only its owner can change that.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class VaultSlots
{
    private const int AttemptsMax = 8;

    private readonly VaultCore _core;
    private readonly CardBoard _board;

    internal VaultSlots(VaultCore core)
    {
        _core = core;
        _board = new CardBoard(core.Options);
    }

    private VaultClientOptions Options => _core.Options;

    /// <summary>The ways into the vault, by their numbers.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<VaultSlot>> ListAsync(CancellationToken cancellation) =>
        _core.WithSessionAsync<IReadOnlyList<VaultSlot>>(
            async session =>
            {
                await _core.FollowAsync(session, cancellation);
                IReadOnlyDictionary<NodeId, string> members = _core.Folder.ReadMembers();
                return [.. _core.RequireOpen(session).Header.Slots.Select(slot => new VaultSlot(
                    slot.Id, slot.Kind, slot.Member, slot.Cost, members.GetValueOrDefault(slot.Member)))];
            },
            cancellation);

    /// <summary>Adds a way in.</summary>
    /// <param name="secret">What opens it: a passphrase, this machine, or both.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">This device is not the owner's, or the header is full.</exception>
    public async Task AddAsync(VaultSecret secret, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Kind is SlotKind.Member)
        {
            throw new ArgumentException("A member's slot is added by sharing the vault.", nameof(secret));
        }

        if (secret.Kind is SlotKind.Device or SlotKind.Hybrid)
        {
            _core.Folder.MakeDeviceKey(Options.Random).Dispose();
        }

        using SlotSecret slot = secret.Resolve(_core.Folder, Options.Identity);
        await ChangeAsync((author, header, keys) => author.AddSlot(header, keys, slot, Options.Cost), cancellation);
    }

    /// <summary>Adds a recovery code. It is shown this once; nobody can tell it again.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>62 characters to be written down; the caller clears them.</returns>
    /// <exception cref="VaultException">This device is not the owner's, or the header is full.</exception>
    public async Task<char[]> AddRecoveryAsync(CancellationToken cancellation)
    {
        using SecretBytes code = RecoveryCode.Generate(Options.Random);
        using SlotSecret slot = SlotSecret.Recovery(code.Span);
        await ChangeAsync((author, header, keys) => author.AddSlot(header, keys, slot, Options.Cost), cancellation);
        char[] text = new char[RecoveryCode.TextLength];
        RecoveryCode.Format(code.Span, text);
        return text;
    }

    /// <summary>Removes ways in and changes the vault's key: they open nothing that is written from now on.</summary>
    /// <param name="ids">The slots' numbers; none: only the key is changed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultException">There is no such slot, none would be left, or the owner is another.</exception>
    public async Task RemoveAsync(IReadOnlyCollection<byte> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        HashSet<NodeId> turnedOut = [];
        await ChangeAsync(
            (author, header, keys) =>
            {
                turnedOut = [.. header.Slots.Where(slot => ids.Contains(slot.Id)).Select(slot => slot.Member)];
                turnedOut.ExceptWith(
                    header.Slots.Where(slot => !ids.Contains(slot.Id)).Select(slot => slot.Member));
                foreach (byte id in ids.Where(id => header.Slots.All(slot => slot.Id != id)))
                {
                    throw new VaultException(
                        VaultFailure.UnknownSlot, $"The vault '{_core.Name}' has no slot {id}.");
                }

                return Rotate(author, header, keys, [.. ids]);
            },
            cancellation);

        // Who opens nothing any more must not write either: a writer may also delete.
        turnedOut.ExceptWith([default, _core.Writer]);
        foreach (NodeId device in turnedOut)
        {
            Require(await Options.Directory.RemoveWriterAsync(_core.Vault, device, cancellation));
        }
    }

    /// <summary>Shares the vault with all devices of a peer that can take it: they can read and write.</summary>
    /// <param name="peer">Whom.</param>
    /// <param name="isForced">Whether also with somebody whose safety number was not compared.</param>
    /// <param name="cancellation">Gives up; sharing again goes on from there.</param>
    /// <returns>How many devices of the peer can open the vault now.</returns>
    /// <exception cref="VaultException">The peer was not compared, or has no card; or another one owns it.</exception>
    public async Task<int> ShareAsync(VaultPeer peer, bool isForced, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        AccountRecord account = peer.Account;
        if (!peer.IsCompared && !isForced)
        {
            throw new VaultException(
                VaultFailure.NotVerified,
                $"Nobody has compared the safety number of {account.Name}: a node could have put itself in between. "
                + $"Compare it first: sigma identity verify {account.Name}");
        }

        await RequireOwnerAsync(cancellation);
        List<MemberCard> cards = await CardsOfAsync(account, cancellation);

        // Whose devices these are must be known when the account lists them no more, or cannot be asked for.
        Dictionary<NodeId, string> members = new(_core.Folder.ReadMembers());
        cards.ForEach(card => members[card.Device] = account.Name);
        _core.Folder.WriteMembers(members);
        await ChangeAsync((author, header, keys) => Add(author, header, keys, cards), cancellation);
        foreach (MemberCard card in cards)
        {
            Require(await Options.Directory.AddWriterAsync(_core.Vault, card.Device, cancellation));
        }

        return cards.Count;
    }

    /// <summary>The devices of an account with which the vault was shared from this machine.</summary>
    /// <param name="account">The account's name.</param>
    public IReadOnlyList<NodeId> DevicesOf(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return [.. _core.Folder.ReadMembers().Where(member => member.Value == account).Select(member => member.Key)];
    }

    /// <summary>Turns devices out: they open nothing that is written from now on, and write no more.</summary>
    /// <param name="devices">The members' devices.</param>
    /// <param name="cancellation">Gives up; doing it again goes on from there.</param>
    /// <returns>How many slots were removed.</returns>
    /// <exception cref="VaultException">This device is not the owner's.</exception>
    public async Task<int> UnshareAsync(IReadOnlyCollection<NodeId> devices, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(devices);
        await RequireOwnerAsync(cancellation);
        int removed = 0;
        await ChangeAsync(
            (author, header, keys) =>
            {
                List<byte> ids = [.. header.Slots
                    .Where(slot => slot.Kind == SlotKind.Member && devices.Contains(slot.Member))
                    .Select(slot => slot.Id)];
                removed = ids.Count;
                return ids.Count == 0 ? null : Rotate(author, header, keys, ids);
            },
            cancellation);
        foreach (NodeId device in devices.Where(device => device != _core.Writer))
        {
            Require(await Options.Directory.RemoveWriterAsync(_core.Vault, device, cancellation));
        }

        Dictionary<NodeId, string> members = new(_core.Folder.ReadMembers());
        int count = members.Count;
        foreach (NodeId device in devices)
        {
            members.Remove(device);
        }

        if (members.Count < count)
        {
            _core.Folder.WriteMembers(members);
        }

        return removed;
    }

    private static VaultHeader? Add(
        HeaderAuthor author, VaultHeader header, VaultKeyring keys, List<MemberCard> cards)
    {
        VaultHeader? changed = null;
        foreach (MemberCard card in cards)
        {
            VaultHeader at = changed ?? header;
            if (!at.Slots.Any(slot => slot.Kind == SlotKind.Member && slot.Member == card.Device))
            {
                changed = author.AddMember(at, keys, card.Device, card.PublicKey);
                Invariant.Holds(changed is not null);
            }
        }

        return changed;
    }

    private async Task<List<MemberCard>> CardsOfAsync(AccountRecord account, CancellationToken ct)
    {
        List<MemberCard> cards = [];
        foreach (DeviceEntry device in account.Devices)
        {
            if (await _board.FindAsync(device.DeviceId, ct) is { } card && card.IsOf(device))
            {
                cards.Add(card);
            }
        }

        return cards.Count > 0 ? cards : throw new VaultException(
            VaultFailure.NoCard,
            $"No device of {account.Name} has published a key for vaults yet. Ask {account.Name} to run "
            + "'sigma vault list' once, then share again.");
    }

    private VaultHeader Rotate(
        HeaderAuthor author, VaultHeader header, VaultKeyring keys, IReadOnlyCollection<byte> dropped)
    {
        try
        {
            (VaultHeader next, VaultKeyring ring) = author.Rotate(header, keys, dropped);

            // Even if the slot that opened this session goes: it goes on with what it knows.
            _core.Learn(ring);
            return next;
        }
        catch (InvalidOperationException e)
        {
            throw new VaultException(VaultFailure.Limit, $"{e.Message} Add another slot first.", e);
        }
    }

    private void Require(LogStatus status)
    {
        if (status != LogStatus.Done)
        {
            throw VaultErrors.Of(status, _core.Name);
        }
    }

    private Task<VaultHeader> RequireOwnerAsync(CancellationToken ct) => _core.WithSessionAsync(
        session => Task.FromResult(RequireOwner(session)), ct);

    private VaultHeader RequireOwner(VaultSession session)
    {
        VaultHeader header = _core.RequireOpen(session).Header;
        return header.Owner == _core.Writer ? header : throw new VaultException(
            VaultFailure.NotOwner,
            $"Only the device that made the vault '{_core.Name}' ({header.Owner.Short}) can change who opens it.");
    }

    private async Task ChangeAsync(
        Func<HeaderAuthor, VaultHeader, VaultKeyring, VaultHeader?> change, CancellationToken ct)
    {
        await _core.WithSessionAsync(session => ChangeAsync(session, change, ct), ct);
        await _core.RememberAsync(ct);
    }

    // Another process of this device may have put its header first: then this one is made anew after it.
    private async Task<bool> ChangeAsync(
        VaultSession session,
        Func<HeaderAuthor, VaultHeader, VaultKeyring, VaultHeader?> change,
        CancellationToken ct)
    {
        HeaderAuthor author = new(Options.Identity.Device, Options.Random);
        for (int attempt = 1; ; attempt++)
        {
            await _core.FollowAsync(session, ct);
            VaultHeader header = RequireOwner(session);
            VaultHeader? next;
            try
            {
                next = change(author, header, session.Keys!);
            }
            catch (InvalidOperationException e)
            {
                throw new VaultException(VaultFailure.Limit, $"{e.Message} Remove a slot first.", e);
            }

            CommitResult result = next is null
                ? new CommitResult(CommitStatus.Committed)
                : await _core.ResolvedAsync(session, await session.PublishAsync(next, ct), ct);
            if (result.Succeeded)
            {
                return true;
            }

            if (result.Status != CommitStatus.Void || attempt == AttemptsMax)
            {
                throw VaultErrors.Of(result, _core.Name);
            }
        }
    }
}
