using System.Diagnostics;

namespace SigmaComms.Cryptography.Tests.KeyFormats;

/// <summary>OpenSSL 3.5 as another program, unpacked by tests/tools/openssl35.sh or named by SIGMA_OPENSSL35.</summary>
internal static class OpenSsl
{
    private const int PatienceMs = 30_000;

    /// <summary>Why the program cannot be had; null if it can.</summary>
    public static string? Absent { get; } = File.Exists(Program)
        ? null
        : "skipped: OpenSSL 3.5 is not here; run tests/tools/openssl35.sh or set SIGMA_OPENSSL35 to its folder";

    private static string Program => Path.Combine(Folder(), "run");

    /// <summary>Runs a command on an input; its output, or null if it failed.</summary>
    public static byte[]? Run(byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            using MemoryStream written = new();
            process.StandardOutput.BaseStream.CopyTo(written);
            Assert.True(process.WaitForExit(PatienceMs));
            return process.ExitCode == 0 ? written.ToArray() : null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Folder()
    {
        string? named = Environment.GetEnvironmentVariable("SIGMA_OPENSSL35");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "artifacts", "tools", "openssl35");
    }
}
