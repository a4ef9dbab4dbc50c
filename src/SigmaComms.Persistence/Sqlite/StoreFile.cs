namespace SigmaComms.Persistence.Sqlite;

/// <summary>The store's own lock on its file, so that a second process hears at once that the file is taken.</summary>
internal static class StoreFile
{
    private const int ErrnoWouldBlock = 11;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Makes folder and file if they are not there, for their owner only, and takes the lock.</summary>
    /// <returns>Holds the lock until it is disposed.</returns>
    public static FileStream Lock(string path)
    {
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            FileStream held = new(path + ".lock", OwnerOnly(FileShare.None));
            Make(path);
            return held;
        }
        catch (IOException e) when (e.HResult is ErrnoWouldBlock or WindowsSharingViolation)
        {
            throw new JournalException(
                JournalFailure.Locked,
                $"Cannot open the journal '{path}': another process, or another store of this one, has it open. "
                + "End that process, or give this one another file.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                JournalFailure.ReadOnly,
                $"Cannot open the journal '{path}' for writing: {e.Message} "
                + "Give the user of this process the right to write the folder, or another folder.",
                e);
        }
    }

    /// <summary>Makes the file if it is not there, for its owner only.</summary>
    public static void Make(string path)
    {
        if (!File.Exists(path))
        {
            using FileStream made = new(path, OwnerOnly(FileShare.ReadWrite));
        }
    }

    private static FileStreamOptions OwnerOnly(FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
