using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults;

/// <summary>What could not be done with a vault, why, and what to do about it. It holds no secret.</summary>
public sealed class VaultException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">What failed, why and what to do, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public VaultException(VaultFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why it failed.</summary>
    public VaultFailure Reason { get; }

    /// <summary>Of a file or directory: what a kernel would say; else none.</summary>
    public Errno Errno { get; private init; }

    /// <summary>Of a file or directory: its path in the vault; else null.</summary>
    public string? Path { get; private init; }

    internal static VaultException Of(Errno errno, VaultPath path) =>
        new(VaultFailure.Namespace, $"{path}: {TextOf(errno)}") { Errno = errno, Path = path.ToString() };

    private static string TextOf(Errno errno) => errno switch
    {
        Errno.NotPermitted => "operation not permitted",
        Errno.NotFound => "no such file or directory",
        Errno.Again => "somebody else holds a lock on it",
        Errno.Exists => "it exists already",
        Errno.NotDirectory => "not a directory",
        Errno.IsDirectory => "is a directory",
        Errno.Invalid => "invalid operation, such as moving a directory into itself",
        Errno.TooLarge => "larger than a file may be",
        Errno.NoSpace => "the vault's namespace is full",
        Errno.TooManyLinks => "too many hard links",
        Errno.NoLocks => "too many locks",
        Errno.NotEmpty => "the directory is not empty",
        Errno.NoData => "no such attribute",
        Errno.NotSupported => "not possible with this content",
        Errno.Stale => "somebody else changed it meanwhile; look again",
        _ => $"errno {(int)errno}",
    };
}
