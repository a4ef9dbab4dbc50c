namespace SigmaComms.Vault.Namespace;

/// <summary>Whether an extended attribute may or must be there already.</summary>
public enum XattrMode : byte
{
    /// <summary>It may.</summary>
    Any = 0,

    /// <summary>It must not (XATTR_CREATE).</summary>
    Create = 1,

    /// <summary>It must (XATTR_REPLACE).</summary>
    Replace = 2,
}
