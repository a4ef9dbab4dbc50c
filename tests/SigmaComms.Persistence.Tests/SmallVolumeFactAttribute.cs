namespace SigmaComms.Persistence.Tests;

/// <summary>A test that mounts a volume; skipped with the reason where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallVolumeFactAttribute : FactAttribute
{
    public SmallVolumeFactAttribute() => Skip = SmallVolume.WhyNot;
}
