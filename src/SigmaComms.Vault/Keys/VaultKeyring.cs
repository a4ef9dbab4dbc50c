using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Keys;

/// <summary>
/// The keys a vault has had, by epoch. What is written uses the newest; what was written before a member was turned out
/// is read with the key of its time.
/// </summary>
/// <remarks>Reading is safe from any thread; not together with <see cref="Dispose"/>.</remarks>
public sealed class VaultKeyring : IDisposable
{
    /// <summary>The most keys a vault ever has: 128.</summary>
    public const int EpochsMax = 128;

    private readonly VaultKey[] _keys;

    /// <summary>Takes over the keys of all epochs.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="keys">From epoch 1 to the newest; disposed with the ring.</param>
    internal VaultKeyring(Digest vault, IReadOnlyList<VaultKey> keys)
    {
        Invariant.Holds(keys.Count is >= 1 and <= EpochsMax);
        Vault = vault;
        _keys = [.. keys];
    }

    /// <summary>The vault.</summary>
    public Digest Vault { get; }

    /// <summary>The newest epoch, from 1.</summary>
    public int Epoch => _keys.Length;

    /// <summary>The newest key.</summary>
    public VaultKey Current => _keys[^1];

    /// <summary>All keys, the oldest first.</summary>
    internal IReadOnlyList<VaultKey> Keys => _keys;

    /// <summary>Makes a subkey of an epoch.</summary>
    /// <param name="epoch">1 to <see cref="Epoch"/>.</param>
    /// <param name="purpose">What it is for.</param>
    /// <returns>32 secret bytes; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch.</exception>
    public SecretBytes Derive(int epoch, VaultPurpose purpose)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, _keys.Length);
        return _keys[epoch - 1].Derive(Vault, purpose);
    }

    /// <summary>The keys up to an epoch, as an independent copy.</summary>
    /// <param name="epoch">1 to <see cref="Epoch"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch.</exception>
    public VaultKeyring UpTo(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, _keys.Length);
        return new VaultKeyring(Vault, [.. _keys[..epoch].Select(key => key.Clone())]);
    }

    /// <summary>Zeroes all keys. May be called twice.</summary>
    public void Dispose()
    {
        foreach (VaultKey key in _keys)
        {
            key.Dispose();
        }
    }
}
