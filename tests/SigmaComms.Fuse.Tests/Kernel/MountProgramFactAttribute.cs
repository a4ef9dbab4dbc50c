namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>A test with fusermount3; skipped, with the reason, where it is not installed or nothing can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountProgramFactAttribute : FactAttribute
{
    public MountProgramFactAttribute() =>
        Skip = MountRight.Obstacle ?? (IsInstalled ? null : "fusermount3 is not installed (package fuse3)");

    private static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "fusermount3")));
}
