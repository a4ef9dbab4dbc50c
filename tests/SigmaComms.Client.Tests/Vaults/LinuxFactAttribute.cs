namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A test of what only Linux keeps of files.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "it needs Linux";
}
