namespace SigmaComms.Fuse.Files;

/// <summary>Flags of renameat2(2), as Linux numbers them.</summary>
[Flags]
public enum RenameOptions
{
    /// <summary>Replaces what has the new name.</summary>
    None = 0,

    /// <summary>Fails if the new name is there.</summary>
    NoReplace = 1,

    /// <summary>Both names change places.</summary>
    Exchange = 2,

    /// <summary>Leaves a whiteout behind.</summary>
    Whiteout = 4,
}
