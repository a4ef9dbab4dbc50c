namespace SigmaComms.Vault.Namespace;

/// <summary>Which family a lock is of; the two do not see each other, as on Linux.</summary>
public enum LockSpace : byte
{
    /// <summary>Record locks of fcntl.</summary>
    Record = 1,

    /// <summary>Whole-file locks of flock.</summary>
    WholeFile = 2,
}
