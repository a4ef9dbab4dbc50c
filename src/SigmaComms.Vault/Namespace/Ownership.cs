namespace SigmaComms.Vault.Namespace;

/// <summary>Whose an inode is, and who may do what.</summary>
/// <param name="Mode">The lower 12 bits of a mode: permissions, setuid, setgid, sticky.</param>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
public readonly record struct Ownership(ushort Mode, uint Uid, uint Gid)
{
    /// <summary>The bits a mode may have: 07777.</summary>
    public const ushort ModeMask = 0xFFF;
}
