namespace SigmaComms.Consensus.Tests.Models;

/// <summary>A test that needs Spin and a C compiler; skipped with the reason where one of them is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ModelTheoryAttribute : TheoryAttribute
{
    private static readonly string[] Programs = ["bash", "spin", "gcc", "awk", "xargs"];

    public ModelTheoryAttribute()
    {
        List<string> absent = [.. Programs.Where(program => !IsThere(program))];
        if (!File.Exists("/usr/include/stdio.h"))
        {
            absent.Add("C library to compile with");
        }

        if (absent.Count > 0)
        {
            Skip = $"The Promela models are not checked: there is no {string.Join(" and no ", absent)} here.";
        }
    }

    private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
