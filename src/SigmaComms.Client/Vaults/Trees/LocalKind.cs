namespace SigmaComms.Client.Vaults.Trees;

/// <summary>What something on this machine's disk is.</summary>
internal enum LocalKind
{
    /// <summary>There is nothing.</summary>
    None,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A pipe, socket or device, which may block whoever opens it.</summary>
    Special,
}
