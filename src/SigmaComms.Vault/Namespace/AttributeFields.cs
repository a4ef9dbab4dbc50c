namespace SigmaComms.Vault.Namespace;

/// <summary>Which attributes an operation sets.</summary>
[Flags]
public enum AttributeFields : byte
{
    /// <summary>None; only the time of change.</summary>
    None = 0,

    /// <summary>The permissions.</summary>
    Mode = 1,

    /// <summary>The owner.</summary>
    Uid = 2,

    /// <summary>The group.</summary>
    Gid = 4,

    /// <summary>When it was read.</summary>
    AccessedAt = 8,

    /// <summary>When its content changed.</summary>
    ModifiedAt = 16,
}
