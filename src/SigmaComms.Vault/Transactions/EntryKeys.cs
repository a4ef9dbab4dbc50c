using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Transactions;

/// <summary>The namespace keys of all epochs, derived once.</summary>
internal sealed class EntryKeys : IDisposable
{
    private readonly List<SecretBytes> _derived = [];

    /// <summary>The keys they come from.</summary>
    public VaultKeyring? Ring { get; private set; }

    /// <summary>Takes over keys, or none if the header could not be opened.</summary>
    public void Take(VaultKeyring? ring)
    {
        Dispose();
        Ring = ring;
        for (int epoch = 1; epoch <= (ring?.Epoch ?? 0); epoch++)
        {
            _derived.Add(ring!.Derive(epoch, VaultPurpose.Namespace));
        }
    }

    /// <summary>The key that seals the entries of an epoch.</summary>
    public ReadOnlySpan<byte> NamespaceKey(int epoch) => _derived[epoch - 1].Span;

    /// <summary>Forgets all keys. May be called twice.</summary>
    public void Dispose()
    {
        Ring?.Dispose();
        Ring = null;
        foreach (SecretBytes key in _derived)
        {
            key.Dispose();
        }

        _derived.Clear();
    }
}
