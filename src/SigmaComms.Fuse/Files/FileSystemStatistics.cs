namespace SigmaComms.Fuse.Files;

/// <summary>Room of a filesystem, as statfs shows it.</summary>
public readonly record struct FileSystemStatistics
{
    /// <summary>Blocks there are.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Blocks that are free.</summary>
    public ulong BlocksFree { get; init; }

    /// <summary>Blocks that ordinary users may take.</summary>
    public ulong BlocksAvailable { get; init; }

    /// <summary>Nodes there can be.</summary>
    public ulong Nodes { get; init; }

    /// <summary>Nodes that can still be made.</summary>
    public ulong NodesFree { get; init; }

    /// <summary>Bytes of a block.</summary>
    public uint BlockSize { get; init; }

    /// <summary>Bytes of the longest name.</summary>
    public uint NameLengthMax { get; init; }
}
