using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Tests.Configuration;

// The environment is the whole process's.
[Collection(nameof(AloneCollection))]
public sealed class SigmaHomeTests
{
    [Fact]
    public void A_private_file_is_for_its_owner_only()
    {
        using TemporaryFolder folder = new();
        string path = folder["a/b/secret"];

        SigmaHome.WritePrivate(path, [1, 2, 3]);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder["a"]) & others);
        }
    }

    [Fact]
    public void Writing_again_replaces_the_file_and_leaves_nothing_else()
    {
        using TemporaryFolder folder = new();

        SigmaHome.WritePrivate(folder["f"], [1]);
        SigmaHome.WritePrivate(folder["f"], [2, 2]);

        Assert.Equal([2, 2], File.ReadAllBytes(folder["f"]));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_chosen_folder_wins_over_the_users_own() =>
        Assert.Equal(Path.GetFullPath("chosen"), SigmaHome.Locate("chosen").Root);

    [Fact]
    public void The_users_data_folder_need_not_exist_yet()
    {
        const string variable = "XDG_DATA_HOME";
        string? before = Environment.GetEnvironmentVariable(variable);
        using TemporaryFolder folder = new();
        try
        {
            Environment.SetEnvironmentVariable(variable, folder["not/yet"]);

            Assert.Equal(folder["not/yet/sigma"], SigmaHome.Locate(null).Root);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    [Fact]
    public void A_file_without_a_folder_in_its_name_is_written_where_the_process_is()
    {
        string name = $"{Guid.NewGuid():N}.admission";
        try
        {
            SigmaHome.WritePrivate(name, [7]);

            Assert.Equal([7], File.ReadAllBytes(Path.GetFullPath(name)));
        }
        finally
        {
            File.Delete(name);
        }
    }
}
