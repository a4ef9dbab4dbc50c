using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>A file of this machine that goes into a vault.</summary>
internal static class FileToPut
{
    private const int BufferSizeBytes = 128 * 1024;

    /// <summary>Takes over its mode, owner and date.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static void Describe(string path, PutOptions options)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot put {path}", "there is no such file", "check the path");
        }

        options.TakeFrom(path);
    }

    /// <summary>Opens it; the caller disposes the stream.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static Stream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = BufferSizeBytes,
            });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                refused is UnauthorizedAccessException ? ExitCode.NotAuthorised : ExitCode.Failure,
                $"cannot put {path}",
                refused.Message,
                "check the file and its permissions",
                refused);
        }
    }
}
