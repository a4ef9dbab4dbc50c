using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;

namespace SigmaComms.FuseProbe.Calls;

/// <summary>A filesystem that this process serves, as whoever it has become.</summary>
internal static class Served
{
    private static FuseSession? _session;

    /// <summary>Mounts; answers "mounted" or the reason why not.</summary>
    public static string Begin(string directory)
    {
        try
        {
            var files = new MemoryFileSystem(TimeProvider.System, Native.EffectiveUser());
            _session = FuseSession.Mount(directory, files, new FuseOptions());
            return "mounted";
        }
        catch (FuseMountException e)
        {
            return $"{e.Reason}: {e.Message}";
        }
    }

    /// <summary>Unmounts; answers "ended" when the readers have.</summary>
    public static string End()
    {
        _session!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return _session.Ended.IsCompleted ? "ended" : "goes on";
    }
}
