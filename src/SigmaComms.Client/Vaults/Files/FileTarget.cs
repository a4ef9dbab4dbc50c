using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Where a file goes, and what is set besides its content.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Owner">Whose it is and who may do what.</param>
/// <param name="ModifiedAt">When its content changed, in nanoseconds since 1970.</param>
/// <param name="MayReplace">Whether a file of this name may be there.</param>
internal sealed record FileTarget(VaultPath Path, Ownership Owner, long ModifiedAt, bool MayReplace)
{
    /// <summary>The directory, if it is known by its number; else 0.</summary>
    public ulong Parent { get; init; }

    /// <summary>Called once nodes have all of its bytes, and the log is next.</summary>
    public Action Staged { get; init; } = static () => { };
}
