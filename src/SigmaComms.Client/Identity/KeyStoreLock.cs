namespace SigmaComms.Client.Identity;

/// <summary>
/// The right to use an identity. Held by one process at a time, so that two never advance the same ratchets; the
/// operating system gives it free when the process ends, however it ends.
/// </summary>
public sealed class KeyStoreLock : IDisposable
{
    private readonly FileStream _held;

    private KeyStoreLock(FileStream held) => _held = held;

    /// <summary>Takes the lock of a key store, which need not exist yet.</summary>
    /// <param name="keyStorePath">The key store's file; the lock is a file beside it.</param>
    /// <exception cref="KeyStoreException">Another process has it, or the folder cannot be written.</exception>
    public static KeyStoreLock Take(string keyStorePath)
    {
        string file = Path.GetFullPath(keyStorePath);
        try
        {
            OwnerOnlyFile.MakeFolder(Path.GetDirectoryName(file)!);
            return new KeyStoreLock(new FileStream(file + ".lock", OwnerOnlyFile.Options(FileMode.OpenOrCreate)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OwnerOnlyFile.IsSharingViolation(e)
                ? new KeyStoreException(
                    KeyStoreFailure.InUse,
                    $"Another process uses the identity '{file}'. End it (a running sigma agent or listen), or talk "
                    + "through it.",
                    e)
                : new KeyStoreException(
                    KeyStoreFailure.Io, $"The lock of the identity '{file}' cannot be taken: {e.Message}", e);
        }
    }

    /// <summary>Gives the identity free. May be called twice.</summary>
    public void Dispose() => _held.Dispose();
}
