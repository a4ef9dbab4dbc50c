using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Whether filesystems can be mounted here, found out by mounting one.</summary>
internal static class MountRight
{
    private static readonly Lazy<string?> Found = new(Try);

    /// <summary>Why not, or null.</summary>
    public static string? Obstacle => Found.Value;

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "mounting in tests needs Linux and root";
        }

        string folder = Directory.CreateTempSubdirectory("fuse-right-").FullName;
        try
        {
            FuseSession session = FuseSession.Mount(
                folder, new MemoryFileSystem(TimeProvider.System), new FuseOptions());
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (FuseMountException e)
        {
            return $"nothing can be mounted here: {e.Message}";
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
