namespace SigmaComms.Client.Identity;

/// <summary>Why a key store cannot be used.</summary>
public enum KeyStoreFailure
{
    /// <summary>There is no file of this name.</summary>
    NotFound,

    /// <summary>The file is whole, the passphrase is not the one it was sealed with.</summary>
    WrongPassphrase,

    /// <summary>The file is cut off or changed, is no key store, or is of another version.</summary>
    Damaged,

    /// <summary>Others than the owner may read or replace the file.</summary>
    WorldReadable,

    /// <summary>The file is there already; a key store is never overwritten by a new one.</summary>
    AlreadyExists,

    /// <summary>Another process uses the identity.</summary>
    InUse,

    /// <summary>The operating system refused to read or write.</summary>
    Io,
}
