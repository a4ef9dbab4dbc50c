using SigmaComms.Fuse.Files;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Attributes and permissions, by the system calls of other processes.</summary>
public sealed class AttributeTests
{
    private const uint Nobody = 65534;
    private const long Unchanged = -1;

    [FuseFact]
    public async Task Times_are_kept_to_the_nanosecond_before_1970_too()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await mount.ShellAsync("touch a b");

        await probe.CallAsync("times", mount["a"], 1_700_000_001, 123_456_789, 1_700_000_002, 987_654_321);
        await probe.CallAsync("times", mount["b"], -5, 5, 1L << 33, 999_999_999);
        IReadOnlyDictionary<string, string> a = await probe.StatusAsync(mount["a"]);
        IReadOnlyDictionary<string, string> b = await probe.StatusAsync(mount["b"]);

        Assert.Equal("1700000001.123456789", a["atime"]);
        Assert.Equal("1700000002.987654321", a["mtime"]);
        Assert.Equal("-5.5", b["atime"]);
        Assert.Equal($"{1L << 33}.999999999", b["mtime"]);
    }

    [FuseFact]
    public async Task Modes_and_owners_decide_who_may()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await using var stranger = new Probe();
        await mount.ShellAsync(
            "mkdir -m 755 closed; mkdir -m 1777 shared; touch closed/a shared/b; chmod 600 closed/a");
        await stranger.CallAsync("setuid", Nobody);

        int read = await stranger.ErrorAsync("open", mount["closed/a"], ReadOnly, 0);
        int create = await stranger.ErrorAsync("open", mount["closed/b"], Create | WriteOnly, Rw);
        int sticky = await stranger.ErrorAsync("unlink", mount["shared/b"]);
        int mode = await stranger.ErrorAsync("chmod", mount["closed/a"], 0x1FF);
        await probe.CallAsync("chown", mount["closed/a"], Nobody, Unchanged);
        long own = await stranger.NumberAsync("open", mount["closed/a"], ReadWrite, 0);
        await stranger.CallAsync("close", own);

        Assert.Equal((int)Errno.AccessDenied, read);
        Assert.Equal((int)Errno.AccessDenied, create);
        Assert.Equal((int)Errno.NotPermitted, sticky);
        Assert.Equal((int)Errno.NotPermitted, mode);
        Assert.Equal($"{Nobody}", (await probe.StatusAsync(mount["closed/a"]))["uid"]);
    }

    [FuseFact]
    public async Task Writing_by_another_clears_setuid_and_setgid()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await using var stranger = new Probe();
        await mount.ShellAsync("touch a b; chmod 6777 a b");
        await stranger.CallAsync("setuid", Nobody);

        long file = await stranger.NumberAsync("open", mount["a"], WriteOnly, 0);
        await stranger.CallAsync("write", file, "00", 0);
        await stranger.CallAsync("close", file);
        await probe.CallAsync("chown", mount["b"], Nobody, Unchanged);

        Assert.Equal($"{NodeMode.Regular | 0x1FF}", (await probe.StatusAsync(mount["a"]))["mode"]);
        Assert.Equal($"{NodeMode.Regular | 0x1FF}", (await probe.StatusAsync(mount["b"]))["mode"]);
    }

    [FuseFact]
    public async Task The_mask_applies_to_what_is_made()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        await probe.CallAsync("umask", 0x17);
        await probe.CallAsync("mkdir", mount["d"], 0x1FF);
        long file = await probe.NumberAsync("open", mount["f"], Create | WriteOnly, 0x1B6);
        await probe.CallAsync("close", file);

        Assert.Equal($"{NodeMode.Directory | 0x1E8}", (await probe.StatusAsync(mount["d"]))["mode"]);
        Assert.Equal($"{NodeMode.Regular | 0x1A0}", (await probe.StatusAsync(mount["f"]))["mode"]);
    }

    [FuseFact]
    public async Task Extended_attributes_are_set_read_listed_and_removed()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await mount.ShellAsync("touch a");
        string large = new('E', 2 * 60_000);

        await probe.CallAsync("setxattr", mount["a"], "user.one", "0102", 0);
        await probe.CallAsync("setxattr", mount["a"], "user.large", large, 1);
        int there = await probe.ErrorAsync("setxattr", mount["a"], "user.one", "03", 1);
        int absent = await probe.ErrorAsync("setxattr", mount["a"], "user.two", "03", 2);
        string size = await probe.CallAsync("getxattr", mount["a"], "user.one", 0);
        int small = await probe.ErrorAsync("getxattr", mount["a"], "user.one", 1);
        string value = await probe.CallAsync("getxattr", mount["a"], "user.one", 100);
        string largeValue = await probe.CallAsync("getxattr", mount["a"], "user.large", 65536);
        string names = await probe.CallAsync("listxattr", mount["a"], 1000);
        int smallList = await probe.ErrorAsync("listxattr", mount["a"], 5);
        await probe.CallAsync("removexattr", mount["a"], "user.one");
        int gone = await probe.ErrorAsync("getxattr", mount["a"], "user.one", 100);

        Assert.Equal((int)Errno.Exists, there);
        Assert.Equal((int)Errno.NoData, absent);
        Assert.Equal("2", size);
        Assert.Equal((int)Errno.Range, small);
        Assert.Equal("0102", value);
        Assert.Equal(large, largeValue);
        Assert.Equal("user.one user.large", names);
        Assert.Equal((int)Errno.Range, smallList);
        Assert.Equal((int)Errno.NoData, gone);
    }
}
