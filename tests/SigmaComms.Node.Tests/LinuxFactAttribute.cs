namespace SigmaComms.Node.Tests;

/// <summary>A test of what only Linux has; skipped, with the reason, elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "There is no /proc here.";
        }
    }
}
