using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Calls;
using SigmaComms.FuseProbe.Memory;

namespace SigmaComms.FuseProbe;

/// <summary>
/// "serve DIR [user]" mounts a filesystem in memory and serves it until its input ends; "calls" makes the system
/// calls it is told on its input, one a line, and answers each with a line.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        switch (args)
        {
            case ["serve", var directory, ..]:
                return await ServeAsync(directory, byProgram: args.Length > 2);
            case ["calls"]:
                CallLoop.Run(Console.In, Console.Out);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: serve DIR [user] | calls");
                return 2;
        }
    }

    private static async Task<int> ServeAsync(string directory, bool byProgram)
    {
        var files = new MemoryFileSystem(TimeProvider.System);
        try
        {
            await using FuseSession session = FuseSession.Mount(
                directory, files, new FuseOptions { UseMountProgram = byProgram });
            await session.Agreed;
            Console.WriteLine("mounted");
            await Console.In.ReadToEndAsync();
            return 0;
        }
        catch (FuseMountException e)
        {
            Console.WriteLine($"failed {e.Reason}: {e.Message}");
            return 1;
        }
    }
}
