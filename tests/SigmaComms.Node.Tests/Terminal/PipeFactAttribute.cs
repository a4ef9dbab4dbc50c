namespace SigmaComms.Node.Tests.Terminal;

/// <summary>A test that needs the pipes of Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PipeFactAttribute : FactAttribute
{
    public PipeFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "needs the pipes of Linux";
        }
    }
}
