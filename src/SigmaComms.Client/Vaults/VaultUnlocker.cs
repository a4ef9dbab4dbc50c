using SigmaComms.Vault.Keys;

namespace SigmaComms.Client.Vaults;

/// <summary>Opens the headers of one vault with one secret. Argon2id runs once for a vault key at most.</summary>
internal sealed class VaultUnlocker(SlotSecret secret) : IDisposable
{
    private VaultKeyring? _ring;

    /// <summary>What became of the last headers that the keys at hand did not open.</summary>
    public UnlockResult Result { get; private set; } = UnlockResult.Opened;

    /// <summary>The keys of a header, which become the caller's; or null.</summary>
    public VaultKeyring? Unlock(VaultHeader header)
    {
        if (_ring is not null && header.Epoch <= _ring.Epoch)
        {
            VaultKeyring known = _ring.UpTo(header.Epoch);
            if (header.IsOf(known))
            {
                return known;
            }

            known.Dispose();
        }

        UnlockResult result = header.TryUnlock(secret, out VaultKeyring? keys);

        // An older header may not have had the slot yet: that the secret is wrong says more.
        bool saysLess = result == UnlockResult.NoSlot && Result == UnlockResult.WrongSecret;
        Result = saysLess ? Result : result;
        if (keys is not null && keys.Epoch > (_ring?.Epoch ?? 0))
        {
            _ring?.Dispose();
            _ring = keys.UpTo(keys.Epoch);
        }

        return keys;
    }

    /// <summary>A copy of the keys up to an epoch, or null.</summary>
    public VaultKeyring? KeysUpTo(int epoch) => epoch >= 1 && epoch <= (_ring?.Epoch ?? 0) ? _ring!.UpTo(epoch) : null;

    /// <summary>Takes over keys.</summary>
    public void Learn(VaultKeyring keys)
    {
        _ring?.Dispose();
        _ring = keys;
    }

    /// <summary>Forgets secret and keys. May be called twice.</summary>
    public void Dispose()
    {
        _ring?.Dispose();
        secret.Dispose();
    }
}
