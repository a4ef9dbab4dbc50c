using System.Runtime.InteropServices;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>A real file of 20 MB or more that is on every machine with the SDK.</summary>
internal static class DemoFile
{
    private const long SizeBytesMin = 20_000_000;

    /// <summary>The smallest file of the .NET installation that is large enough.</summary>
    public static FileInfo Find()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.x/ is where the runtime is.
        DirectoryInfo runtime = new(RuntimeEnvironment.GetRuntimeDirectory());
        DirectoryInfo installation = runtime.Parent!.Parent!.Parent!;
        return installation.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Length >= SizeBytesMin)
            .MinBy(file => file.Length)
            ?? throw new CommandException(
                ExitCode.NotFound,
                "no file to send",
                $"{installation.FullName} holds none of {SizeBytesMin} bytes or more",
                "install the .NET SDK, not only the runtime");
    }
}
