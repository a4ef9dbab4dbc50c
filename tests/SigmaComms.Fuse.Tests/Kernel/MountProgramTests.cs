using SigmaComms.Fuse.Session;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Mounting as an ordinary user, by fusermount3.</summary>
public sealed class MountProgramTests
{
    private const uint Nobody = 65534;

    [MountProgramFact]
    public async Task An_ordinary_user_mounts_uses_and_unmounts_a_directory_of_their_own()
    {
        string folder = Directory.CreateTempSubdirectory("fuse-test-").FullName;
        await using var mounts = new PrivateMounts();
        await BecomeOwnerAsync(mounts.First, folder);
        await using Probe user = await mounts.AnotherAsync();
        await user.CallAsync("setuid", Nobody);

        string mounted = await mounts.First.CallAsync("serve", folder);
        Assert.Equal("mounted", mounted);
        string? type = PrivateMounts.TypeAt(user, folder);
        long file = await user.NumberAsync("open", folder + "/a", Create | ReadWrite, Rw);
        await user.CallAsync("write", file, "0102", 0);
        string read = await user.CallAsync("read", file, 5, 0);
        await user.CallAsync("close", file);
        string ended = await mounts.First.CallAsync("unserve");
        string? left = PrivateMounts.TypeAt(user, folder);
        Directory.Delete(folder);

        Assert.Equal("fuse.sigma", type);
        Assert.Equal("0102", read);
        Assert.Equal("ended", ended);
        Assert.Null(left);
    }

    [MountProgramFact]
    public async Task A_directory_of_another_user_is_refused_for_want_of_permission()
    {
        string folder = Directory.CreateTempSubdirectory("fuse-test-").FullName;
        await using var mounts = new PrivateMounts();
        await mounts.First.CallAsync("chmod", folder, 0x1ED);
        await mounts.First.CallAsync("setuid", Nobody);

        string refused = await mounts.First.CallAsync("serve", folder);
        Directory.Delete(folder);

        Assert.StartsWith($"{MountFailure.NoPermission}: ", refused, StringComparison.Ordinal);
    }

    [MountProgramFact]
    public async Task What_a_users_killed_process_left_is_detached_by_their_next_mount()
    {
        string folder = Directory.CreateTempSubdirectory("fuse-test-").FullName;
        await using var mounts = new PrivateMounts();
        await using Probe second = await mounts.AnotherAsync();
        await BecomeOwnerAsync(mounts.First, folder);
        await second.CallAsync("setuid", Nobody);
        string first = await mounts.First.CallAsync("serve", folder);
        Assert.Equal("mounted", first);

        mounts.First.Kill();
        await mounts.First.DisposeAsync();
        string again = await second.CallAsync("serve", folder);
        Assert.Equal("mounted", again);
        string ended = await second.CallAsync("unserve");
        string? left = PrivateMounts.TypeAt(second, folder);
        Directory.Delete(folder);

        Assert.Equal("ended", ended);
        Assert.Null(left);
    }

    private static async Task BecomeOwnerAsync(Probe probe, string folder)
    {
        await probe.CallAsync("chown", folder, Nobody, Nobody);
        await probe.CallAsync("setuid", Nobody);
    }
}
