using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>What every disk does, the real one and the fake.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("sigma-disk-");

    public static TheoryData<string> Kinds => ["folder", "faulty"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_new_file_has_its_size_and_reads_as_zeros(string kind)
    {
        IDisk disk = Make(kind);
        byte[] read = [1, 2, 3, 4];

        using IDiskFile file = disk.Create("a", 10_000);

        Assert.Equal(10_000, file.Length);
        Assert.Equal(2, file.Read(9_998, read));
        Assert.Equal([0, 0, 3, 4], read);
        Assert.Equal(0, file.Read(20_000, read));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_at_a_place_is_read_there_also_through_another_handle(string kind)
    {
        IDisk disk = Make(kind);
        byte[] read = new byte[5];

        using IDiskFile file = disk.Create("a", 4);
        file.Write(2, "hello"u8);
        file.Sync();
        using IDiskFile other = disk.Open("a");

        Assert.Equal(7, other.Length);
        Assert.Equal(5, other.Read(2, read));
        Assert.Equal("hello"u8, read);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Names_are_listed_in_order_replaced_by_renaming_and_deleted(string kind)
    {
        IDisk disk = Make(kind);
        foreach (string name in (string[])["b", "a", "c"])
        {
            using IDiskFile file = disk.Create(name, 1);
            file.Write(0, System.Text.Encoding.ASCII.GetBytes(name));
        }

        disk.Rename("b", "c");
        disk.Delete("nobody");
        disk.SyncNames();

        Assert.Equal(["a", "c"], disk.ListNames());
        using IDiskFile renamed = disk.Open("c");
        byte[] read = new byte[1];
        renamed.Read(0, read);
        Assert.Equal("b"u8, read);
        Assert.Throws<FileNotFoundException>(() => disk.Open("b"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_one_gets_a_lock_until_it_is_released(string kind)
    {
        IDisk disk = Make(kind);

        using (disk.Lock("l"))
        {
            Assert.Throws<IOException>(() => disk.Lock("l"));
        }

        using IDisposable again = disk.Lock("l");
        Assert.NotNull(again);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_files_can_be_synced_together(string kind)
    {
        IDisk disk = Make(kind);
        using IDiskFile first = disk.Create("a", 10);
        using IDiskFile second = disk.Create("b", 10);
        first.Write(0, "1"u8);
        second.Write(0, "2"u8);

        disk.SyncTogether(first, second);
        disk.SyncNames();

        Assert.Equal(["a", "b"], disk.ListNames());
    }

    [Fact]
    public void A_path_is_not_a_name_of_the_folder()
    {
        FolderDisk disk = new(_folder.FullName);

        Assert.Throws<ArgumentException>(() => disk.Open("../a"));
        Assert.Throws<ArgumentException>(() => disk.Create("x/a", 1));
    }

    [Fact]
    public void A_power_cut_of_the_faulty_disk_loses_what_was_not_synced_and_a_kill_does_not()
    {
        FaultyDisk disk = new(1);
        using IDiskFile file = disk.Create("a", 8);
        file.Write(0, "sync"u8);
        file.Sync();
        disk.SyncNames();
        file.Write(0, "lost"u8);
        disk.Kill();
        byte[] afterKill = disk.BytesOf("a");
        disk.Cut(2);

        Assert.Equal("lost"u8, afterKill.AsSpan(0, 4));
        Assert.Equal("lonc"u8, disk.BytesOf("a").AsSpan(0, 4));
        Assert.Throws<PowerCutException>(() => file.Write(0, "x"u8));
    }

    [Fact]
    public void A_failed_sync_of_the_faulty_disk_loses_the_bytes_though_they_can_still_be_read()
    {
        FaultyDisk disk = new(1);
        using IDiskFile file = disk.Create("a", 8);
        file.Sync();
        disk.SyncNames();
        file.Write(0, "gone"u8);
        disk.Plan = (operation, _) => operation == DiskOperation.Sync ? DiskFault.Error : DiskFault.None;

        Assert.Throws<IOException>(file.Sync);
        disk.Plan = null;
        file.Sync();
        byte[] before = disk.BytesOf("a");
        disk.Cut(1_000);

        Assert.Equal("gone"u8, before.AsSpan(0, 4));
        Assert.Equal(new byte[4], disk.BytesOf("a").AsSpan(0, 4).ToArray());
    }

    private IDisk Make(string kind) =>
        kind == "folder" ? new FolderDisk(Path.Combine(_folder.FullName, "sub")) : new FaultyDisk(1);
}
