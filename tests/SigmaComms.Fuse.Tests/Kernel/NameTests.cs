using SigmaComms.Fuse.Files;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Names, by the system calls of another process.</summary>
public sealed class NameTests
{
    [FuseFact]
    public async Task Creating_exclusively_fails_for_a_name_that_is_there()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        long first = await probe.NumberAsync("open", mount["a"], Create | Exclusive | WriteOnly, Rw);
        int second = await probe.ErrorAsync("open", mount["a"], Create | Exclusive | WriteOnly, Rw);
        await probe.CallAsync("close", first);

        Assert.Equal((int)Errno.Exists, second);
        Assert.Equal("1", (await probe.StatusAsync(mount["a"]))["nlink"]);
    }

    [FuseFact]
    public async Task Directories_count_those_in_them_and_go_only_when_empty()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        await probe.CallAsync("mkdir", mount["d"], 0x1FF);
        await probe.CallAsync("mkdir", mount["d/e"], 0x1FF);
        string links = (await probe.StatusAsync(mount["d"]))["nlink"];
        int full = await probe.ErrorAsync("rmdir", mount["d"]);
        int wrong = await probe.ErrorAsync("unlink", mount["d"]);
        await probe.CallAsync("rmdir", mount["d/e"]);
        string after = (await probe.StatusAsync(mount["d"]))["nlink"];
        await probe.CallAsync("rmdir", mount["d"]);

        Assert.Equal("3", links);
        Assert.Equal((int)Errno.NotEmpty, full);
        Assert.Equal((int)Errno.IsDirectory, wrong);
        Assert.Equal("2", after);
        Assert.Equal("2", (await probe.StatusAsync(mount.Folder))["nlink"]);
    }

    [FuseFact]
    public async Task Renaming_keeps_the_flags_of_renameat2()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await mount.ShellAsync("printf 1 >a; printf 2 >b; mkdir d; printf 3 >d/c");

        int kept = await probe.ErrorAsync("rename", mount["a"], mount["b"], NoReplace);
        int missing = await probe.ErrorAsync("rename", mount["a"], mount["x"], Exchange);
        await probe.CallAsync("rename", mount["a"], mount["d"], Exchange);
        string exchanged = await mount.ShellAsync("cat a/c d");
        await probe.CallAsync("rename", mount["d"], mount["b"], 0);
        string replaced = await mount.ShellAsync("cat b; ls -A");
        int intoItself = await probe.ErrorAsync("rename", mount["a"], mount["a/e"], 0);

        Assert.Equal((int)Errno.Exists, kept);
        Assert.Equal((int)Errno.NoEntry, missing);
        Assert.Equal("31", exchanged);
        Assert.Equal("1a\nb", replaced);
        Assert.Equal((int)Errno.Invalid, intoItself);
    }

    [FuseFact]
    public async Task A_directory_replaces_only_an_empty_directory()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await mount.ShellAsync("mkdir -p a/in b/in c; touch f");

        int full = await probe.ErrorAsync("rename", mount["a"], mount["b"], 0);
        int file = await probe.ErrorAsync("rename", mount["a"], mount["f"], 0);
        await probe.CallAsync("rename", mount["a"], mount["c"], 0);

        Assert.Equal((int)Errno.NotEmpty, full);
        Assert.Equal((int)Errno.NotDirectory, file);
        Assert.Equal("3", (await probe.StatusAsync(mount["c"]))["nlink"]);
        Assert.Equal("4", (await probe.StatusAsync(mount.Folder))["nlink"]);
    }

    [FuseFact]
    public async Task Hard_links_share_content_and_are_counted()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await mount.ShellAsync("printf one >a");

        await probe.CallAsync("link", mount["a"], mount["b"]);
        await mount.ShellAsync("printf two >b");
        IReadOnlyDictionary<string, string> both = await probe.StatusAsync(mount["a"]);
        await probe.CallAsync("unlink", mount["a"]);
        IReadOnlyDictionary<string, string> one = await probe.StatusAsync(mount["b"]);
        int again = await probe.ErrorAsync("link", mount["b"], mount["b"]);

        Assert.Equal("2", both["nlink"]);
        Assert.Equal("1", one["nlink"]);
        Assert.Equal(both["ino"], one["ino"]);
        Assert.Equal("two", await mount.ShellAsync("cat b"));
        Assert.Equal((int)Errno.Exists, again);
    }

    [FuseFact]
    public async Task Symbolic_links_keep_their_target_up_to_the_longest()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        string longest = new('t', 4095);

        await probe.CallAsync("symlink", "../else where", mount["short"]);
        await probe.CallAsync("symlink", longest, mount["long"]);

        Assert.Equal("../else where", await probe.CallAsync("readlink", mount["short"]));
        Assert.Equal(longest, await probe.CallAsync("readlink", mount["long"]));
        Assert.Equal("4095", (await probe.StatusAsync(mount["long"]))["size"]);
    }

    [FuseFact]
    public async Task Pipes_sockets_and_devices_keep_their_kind_and_number()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        await probe.CallAsync("mknod", mount["pipe"], NodeMode.Pipe | 0x180, 0);
        await probe.CallAsync("mknod", mount["socket"], NodeMode.Socket | 0x180, 0);
        await probe.CallAsync("mknod", mount["null"], NodeMode.CharacterDevice | 0x180, (1 << 8) | 3);
        IReadOnlyDictionary<string, string> device = await probe.StatusAsync(mount["null"]);

        Assert.Equal($"{NodeMode.Pipe | 0x180}", (await probe.StatusAsync(mount["pipe"]))["mode"]);
        Assert.Equal($"{NodeMode.Socket | 0x180}", (await probe.StatusAsync(mount["socket"]))["mode"]);
        Assert.Equal("1.3", $"{device["rmajor"]}.{device["rminor"]}");
    }

    [FuseFact]
    public async Task Names_are_bytes_of_which_there_are_255()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        await mount.ShellAsync("touch \"$(printf 'n\\377\\001\\303')\"");
        string listed = await mount.ShellAsync("ls -A | od -An -tx1 | tr -d ' \\n'");
        long longest = await probe.NumberAsync("open", mount[new string('n', 255)], Create | WriteOnly, Rw);
        int tooLong = await probe.ErrorAsync("open", mount[new string('n', 256)], Create | WriteOnly, Rw);
        await probe.CallAsync("close", longest);

        Assert.Equal("6eff01c30a", listed);
        Assert.Equal((int)Errno.NameTooLong, tooLong);
    }

    [FuseFact]
    public async Task What_is_removed_is_forgotten_and_dropped()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();

        await probe.CallAsync("mkdir", mount["d"], 0x1FF);
        await probe.CallAsync("makemany", mount["d/f"], 0, 500);
        int held = mount.Files.NodeCount;
        await probe.CallAsync("removemany", mount["d/f"], 0, 500);
        await probe.CallAsync("rmdir", mount["d"]);

        // Forgetting has no reply that could be waited for; the next answer may come before the last of it.
        await Eventually.HoldsAsync(() => mount.Files.NodeCount == 1);
        Assert.Equal(502, held);
    }
}
