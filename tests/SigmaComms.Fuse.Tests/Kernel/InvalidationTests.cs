using System.Text;
using SigmaComms.Fuse.Files;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>What the kernel believes until it is told otherwise.</summary>
public sealed class InvalidationTests
{
    [FuseFact]
    public async Task Content_changed_elsewhere_is_seen_once_the_node_is_told_to_be_old()
    {
        await using var mount = new MountedMemory(options => options.ExplicitInvalidation = true);
        await using var probe = new Probe();
        await mount.ShellAsync("printf before >a");
        long file = await probe.NumberAsync("open", mount["a"], Numbers.ReadOnly, 0);
        await probe.CallAsync("read", file, 100, 0);

        NodeId node = mount.Files.Overwrite("a", "and after"u8);
        string believed = await ReadAsync();
        Errno told = await mount.Session.InvalidateNodeAsync(node);
        string seen = await ReadAsync();
        Errno unknown = await mount.Session.InvalidateNodeAsync(new NodeId(12345));
        await probe.CallAsync("close", file);

        Assert.Equal("before", believed);
        Assert.Equal(Errno.None, told);
        Assert.Equal("and after", seen);
        Assert.Equal(Errno.NoEntry, unknown);

        async Task<string> ReadAsync() =>
            Encoding.ASCII.GetString(Convert.FromHexString(await probe.CallAsync("read", file, 100, 0)));
    }

    [FuseFact]
    public async Task A_name_removed_elsewhere_is_gone_once_it_is_told_so()
    {
        await using var mount = new MountedMemory();
        await mount.ShellAsync("touch a b; ls a b");

        mount.Files.Drop("a");
        NodeId dropped = mount.Files.Drop("b");
        string believed = await mount.ShellAsync("ls -d a b | tr '\\n' ' '");
        Errno entry = await mount.Session.InvalidateEntryAsync(NodeId.Root, "a"u8);
        Errno deleted = await mount.Session.DeletedAsync(NodeId.Root, dropped, "b"u8);
        string seen = await mount.ShellAsync("ls -d a b 2>&1 | grep -c 'No such file'");

        Assert.Equal("a b", believed);
        Assert.Equal(Errno.None, entry);
        Assert.Equal(Errno.None, deleted);
        Assert.Equal("2", seen);
    }
}
