namespace SigmaComms.Cryptography.Tests;

/// <summary>A test that calls Linux itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs the memory calls of Linux.";
        }
    }
}
