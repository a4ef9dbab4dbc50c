namespace SigmaComms.Client.Vaults.Trees;

/// <summary>What a system takes for a file's name.</summary>
internal enum NameRules
{
    /// <summary>Bytes, each name another one.</summary>
    Linux,

    /// <summary>Text; names that differ in case or in how letters are put together are one.</summary>
    Mac,

    /// <summary>Text without separators and without names of devices; case does not matter.</summary>
    Windows,
}
