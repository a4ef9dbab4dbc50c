namespace SigmaComms.EndToEnd.Tests.Disks;

/// <summary>A test with a disk that is made slow; skipped, with the reason, where that is not possible.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowDiskFactAttribute : FactAttribute
{
    public SlowDiskFactAttribute() => Skip = LoopDisk.ThrottleObstacle;
}
