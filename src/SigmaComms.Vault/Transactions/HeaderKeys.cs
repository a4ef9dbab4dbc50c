using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// Opens headers: with what the client has, else with a later header that has a slot for it. So a late member
/// reads the log from its beginning, for a header holds all former keys.
/// </summary>
internal sealed class HeaderKeys(VaultAccess access)
{
    /// <summary>Entries that are about to be applied.</summary>
    public IReadOnlyList<LogEntry> Ahead { get; set; } = [];

    /// <summary>The keys of a header, or null.</summary>
    public VaultKeyring? Unlock(VaultHeader header)
    {
        VaultKeyring? keys = access.Unlock(header);
        if (keys is not null)
        {
            return keys;
        }

        using VaultKeyring? later = NewestOf(access, Ahead);
        if (later is null || later.Epoch < header.Epoch)
        {
            return null;
        }

        keys = later.UpTo(header.Epoch);
        if (header.IsOf(keys))
        {
            return keys;
        }

        keys.Dispose();
        return null;
    }

    /// <summary>The keys of the newest header among entries that opens, or null.</summary>
    public static VaultKeyring? NewestOf(VaultAccess access, IReadOnlyList<LogEntry> entries)
    {
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<byte> content = entries[i].Content.Span;
            if (content.Length > 1 && content[0] == (byte)EntryKind.Header
                && VaultHeader.TryDecode(content[1..], access.Vault, out VaultHeader? header) == HeaderStatus.Good
                && access.Unlock(header!) is { } keys)
            {
                return keys;
            }
        }

        return null;
    }
}
