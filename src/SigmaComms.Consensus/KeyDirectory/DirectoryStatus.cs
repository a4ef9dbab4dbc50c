namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>What became of a command to the key directory.</summary>
public enum DirectoryStatus : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>The record is the account's newest.</summary>
    Published = 1,

    /// <summary>This very record is the newest already.</summary>
    Unchanged = 2,

    /// <summary>The payload is no command, or the record no record, or its signature is not good.</summary>
    Malformed = 3,

    /// <summary>The name belongs to another account.</summary>
    NameTaken = 4,

    /// <summary>The version is not higher than the newest.</summary>
    Outdated = 5,

    /// <summary>As many names, bytes, or records of this name as there may be.</summary>
    Full = 6,
}
