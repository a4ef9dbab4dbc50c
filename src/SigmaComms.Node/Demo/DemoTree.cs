using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SigmaComms.Node.Demo;

/// <summary>A real tree of files, large enough to be worth a vault.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="IsReal">Whether it was there; else it was made, for want of one.</param>
internal sealed record DemoTree(string Folder, int Files, long Bytes, bool IsReal)
{
    private const int FilesMin = 2_000;
    private const long BytesMin = 200_000_000;
    private const long BytesMax = 1_500_000_000;

    /// <summary>The SDK that runs this, another tree of the machine, or one that is made.</summary>
    /// <param name="made">Where one is made if there is none.</param>
    public static DemoTree Find(string made)
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.x/ is where the runtime is.
        string installation = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        string[] candidates = [Path.Combine(installation, "sdk"), installation, "/usr/share", "/usr/lib"];
        return candidates.Where(Directory.Exists).Select(Measure).FirstOrDefault(IsEnough) ?? Make(made);
    }

    private static bool IsEnough(DemoTree tree) => tree is { Files: >= FilesMin, Bytes: >= BytesMin and <= BytesMax };

    private static DemoTree Measure(string folder)
    {
        EnumerationOptions all = new()
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        int files = 0;
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", all))
        {
            files++;
            bytes += file.Length;
        }

        return new DemoTree(folder, files, bytes, IsReal: true);
    }

    private static DemoTree Make(string folder)
    {
        byte[] content = new byte[(BytesMin / FilesMin) + 1];
        for (int i = 0; i < FilesMin; i++)
        {
            string part = Path.Combine(folder, (i % 50).ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(part);
            RandomNumberGenerator.Fill(content);
            File.WriteAllBytes(Path.Combine(part, i.ToString(CultureInfo.InvariantCulture)), content);
        }

        return Measure(folder) with { IsReal = false };
    }
}
