using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>What is mounted where.</summary>
public sealed class MountTableTests
{
    private static readonly string[] Lines =
    [
        "22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/vda rw",
        "40 22 0:35 / /mnt/a\\040b\\134c rw,nosuid - fuse.sigma sigma rw,user_id=0",
        "41 22 0:36 / /mnt/twice rw - ext4 /dev/vdb rw",
        "42 41 0:37 / /mnt/twice rw shared:7 master:3 - fuse other rw",
        "broken",
        "",
    ];

    [Theory]
    [InlineData("/", "ext4")]
    [InlineData("/mnt/a b\\c", "fuse.sigma")]
    [InlineData("/mnt/twice", "fuse")]
    [InlineData("/mnt", null)]
    [InlineData("/mnt/a", null)]
    public void The_last_mount_on_a_directory_is_found(string directory, string? type) =>
        Assert.Equal(type, MountTable.TypeAt(directory, Lines));

    [Fact]
    public void Errors_of_the_system_become_reasons()
    {
        (Files.Errno Error, MountFailure Reason)[] reasons =
        [
            (Files.Errno.NoEntry, MountFailure.DirectoryMissing),
            (Files.Errno.NotDirectory, MountFailure.NotDirectory),
            (Files.Errno.NotPermitted, MountFailure.NoPermission),
            (Files.Errno.AccessDenied, MountFailure.NoPermission),
            (Files.Errno.Busy, MountFailure.Busy),
            (Files.Errno.NoDevice, MountFailure.NoDevice),
            (Files.Errno.NoMemory, MountFailure.System),
        ];

        Assert.All(reasons, r => Assert.Equal(r.Reason, MountPoint.Failure("/x", r.Error).Reason));
    }
}
