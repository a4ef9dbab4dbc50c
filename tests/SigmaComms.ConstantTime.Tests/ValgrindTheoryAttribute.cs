using System.Runtime.InteropServices;

namespace SigmaComms.ConstantTime.Tests;

/// <summary>A test that needs valgrind; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ValgrindTheoryAttribute : TheoryAttribute
{
    public ValgrindTheoryAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "Valgrind's requests are made for x64 only.";
        }
        else if (!folders.Any(static folder => File.Exists(Path.Combine(folder, "valgrind"))))
        {
            Skip = "There is no valgrind here: apt-get install valgrind.";
        }
    }
}
