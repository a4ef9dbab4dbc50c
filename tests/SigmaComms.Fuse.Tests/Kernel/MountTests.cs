using System.Diagnostics;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Session;
using SigmaComms.FuseProbe.Memory;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Mounting and unmounting with the real kernel.</summary>
public sealed class MountTests
{
    [FuseFact]
    public async Task A_file_that_is_written_by_a_shell_is_read_back_by_another()
    {
        await using var mount = new MountedMemory();

        await mount.ShellAsync("mkdir d && printf hello >d/a && mv d/a b");
        string read = await mount.ShellAsync("cat b; ls -A d");
        Agreement agreement = await mount.Session.Agreed;

        Assert.Equal("hello", read);
        Assert.Equal(7u, agreement.Major);
        Assert.True(agreement.Minor >= Negotiation.MinorMin);
        Assert.True(agreement.Flags.HasFlag(InitFlags.ParallelDirectoryOperations | InitFlags.MaxPages));
    }
}
