using System.Diagnostics;

namespace SigmaComms.Persistence.Tests;

/// <summary>A tmpfs of a few MiB, mounted for one test.</summary>
internal sealed class SmallVolume : IDisposable
{
    private static readonly Lazy<string?> Lack = new(FindLack);

    private readonly TemporaryFolder _folder = new();

    private SmallVolume(int sizeMiB)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={sizeMiB}m", "tmpfs", _folder.Path))
        {
            _folder.Dispose();
            throw new InvalidOperationException("mount failed");
        }
    }

    /// <summary>Why no volume can be mounted here; null if it can.</summary>
    public static string? WhyNot => Lack.Value;

    public static SmallVolume Mount(int sizeMiB) => new(sizeMiB);

    public string File(string name) => _folder.File(name);

    /// <summary>Fills the volume to the last byte.</summary>
    public void Fill()
    {
        using FileStream filler = new(File("filler"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public void Empty() => System.IO.File.Delete(File("filler"));

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", _folder.Path);

    public void Dispose()
    {
        Run("umount", "-l", _folder.Path);
        _folder.Dispose();
    }

    private static string? FindLack()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "mounting a tmpfs needs root on Linux";
        }

        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "a tmpfs cannot be mounted here (no CAP_SYS_ADMIN?)";
        }
    }

    private static bool Run(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
