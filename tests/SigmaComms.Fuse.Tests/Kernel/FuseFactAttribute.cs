namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>A test with the real kernel; skipped, with the reason, where this machine or user cannot mount.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuseFactAttribute : FactAttribute
{
    public FuseFactAttribute() => Skip = MountRight.Obstacle;
}
