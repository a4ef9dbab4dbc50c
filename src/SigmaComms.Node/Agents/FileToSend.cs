using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>Makes sure before sending that a path names a file with an end, whose size is what it says.</summary>
internal static class FileToSend
{
    /// <summary>Finds the file.</summary>
    /// <returns>Its full path; behind a link such as /dev/stdin, that of the file itself.</returns>
    /// <exception cref="CommandException">There is none, or it is a device, a pipe or the like.</exception>
    public static string Find(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(ExitCode.NotFound, "cannot send", $"there is no file {path}", "check the path");
        }

        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

            // Devices and what the kernel makes up have no size, yet are read, or refuse to be.
            if (file.CanSeek && (file.Length > 0 || file.ReadByte() < 0))
            {
                // An agent has a standard input of its own: it gets the file's own name.
                string full = Path.GetFullPath(path);
                return full.StartsWith("/dev/", StringComparison.Ordinal)
                    || full.StartsWith("/proc/", StringComparison.Ordinal)
                    ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full
                    : full;
            }
        }
        catch (IOException refused)
        {
            string why = $"{path} cannot be read: {refused.Message}";
            throw new CommandException(ExitCode.Failure, "cannot send", why, "check the file", refused);
        }

        throw new CommandException(
            ExitCode.Usage,
            "cannot send",
            $"{path} is no ordinary file: it has no size",
            "write what comes from it into a file, and send that");
    }
}
