namespace SigmaComms.EndToEnd.Tests.Disks;

/// <summary>A test with a disk of its own; skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LoopDiskFactAttribute : FactAttribute
{
    public LoopDiskFactAttribute() => Skip = LoopDisk.Obstacle;
}
