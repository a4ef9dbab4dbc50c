namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>
/// A test with fusermount3; skipped, with the reason, where it is not installed or nothing can be mounted.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountProgramFactAttribute : FactAttribute
{
    private static readonly string[] Programs = ["fusermount3", "unshare", "nsenter"];

    public MountProgramFactAttribute() =>
        Skip = MountRight.Obstacle ?? Programs.Where(program => !IsInstalled(program))
            .Select(program => $"{program} is not installed (packages fuse3 and util-linux)").FirstOrDefault();

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
