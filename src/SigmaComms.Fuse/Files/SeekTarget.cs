namespace SigmaComms.Fuse.Files;

/// <summary>What lseek(2) looks for, as Linux numbers it. The rest the kernel does itself.</summary>
public enum SeekTarget
{
    /// <summary>The next byte that is not in a hole.</summary>
    Data = 3,

    /// <summary>The next hole; the end of the file counts as one.</summary>
    Hole = 4,
}
