namespace SigmaComms.EndToEnd.Tests.Vaults;

/// <summary>A test that mounts a vault; skipped, saying why, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute() => Skip =
        !OperatingSystem.IsLinux() || Environment.UserName != "root" ? "Mounting in tests needs Linux and root."
        : !File.Exists("/dev/fuse") ? "There is no /dev/fuse on this machine."
        : null;
}
