using System.Globalization;
using System.Text;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.EndToEnd.Tests.Vaults;

namespace SigmaComms.EndToEnd.Tests;

public sealed class VaultTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    private const int Kill = 9;
    private const int StripeBytes = 1 << 20;

    [Fact]
    public async Task A_tree_comes_back_as_it_was_with_all_nodes_and_with_one_killed()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string source = Path.Combine(cluster.Folder, "source");
        LocalTree.Make(source);
        await CreateAsync(alpha, "tree");
        await alpha.SucceedAsync("vault", "put", source, "tree:/t", "-r");

        await alpha.SucceedAsync("vault", "get", "tree:/t", Path.Combine(cluster.Folder, "back"), "-r");
        SigmaProcess.Signal(cluster.ProcessOf("n4"), Kill);
        await alpha.SucceedAsync("vault", "get", "tree:/t", Path.Combine(cluster.Folder, "back2"), "-r");

        // Running nodes keep their files to themselves.
        await SigmaProcess.SucceedAsync(cluster.Home, "cluster", "down");
        (long looked, IReadOnlyList<string> found) = FolderSearch.Of(Path.Combine(cluster.Home, "nodes"), NeedlesOf());
        await cluster.UpAsync();

        string expected = LocalTree.Describe(source);
        Assert.Equal(expected, LocalTree.Describe(Path.Combine(cluster.Folder, "back")));
        Assert.Equal(expected, LocalTree.Describe(Path.Combine(cluster.Folder, "back2")));
        Assert.Empty(found);
        Assert.True(looked > 2 * LocalTree.SizeBytes, $"{looked} bytes looked at");
    }

    [Fact]
    public async Task A_wrong_passphrase_is_told_and_the_right_one_opens_on_any_machine()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string right = FileOf("right", "the right passphrase\n");
        string wrong = FileOf("wrong", "another passphrase\n");
        string recovery = await CreateAsync(alpha, "locked", "--passphrase-file", right);
        await alpha.SucceedAsync("vault", "mkdir", "locked:/a/b", "-p");

        Finished refused = await alpha.RunAsync("vault", "ls", "locked", "--passphrase-file", wrong);
        Finished opened = await alpha.SucceedAsync("vault", "ls", "locked", "--passphrase-file", right);
        Finished restored = await alpha.SucceedAsync(
            "vault", "ls", "locked", "--recovery-file", FileOf("code", recovery));
        Finished absent = await alpha.RunAsync("vault", "ls", "nothing");

        Assert.Equal((5, 3), (refused.ExitCode, absent.ExitCode));
        Assert.Contains("does not open the vault", refused.Notes, StringComparison.Ordinal);
        Assert.Equal(("a/", "a/"), (opened.Data, restored.Data));
    }

    [Fact]
    public async Task Without_enough_fragments_it_says_how_many_more_it_needs()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string file = FileOf("file", Encoding.Latin1.GetString(LocalTree.Filled(50_000)));
        await CreateAsync(alpha, "thin", "--shape", "4+0");
        await alpha.SucceedAsync("vault", "put", file, "thin:/f");
        SigmaProcess.Signal(cluster.ProcessOf("n3"), Kill);

        Finished refused = await alpha.RunAsync("vault", "cat", "thin:/f");
        await cluster.UpAsync();
        Finished again = await alpha.SucceedAsync("vault", "get", "thin:/f", file + ".back");

        Assert.Equal((6, 0), (refused.ExitCode, again.ExitCode));
        Assert.Contains("needs 1 more fragment of", refused.Notes, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(file + ".back"));
    }

    [Fact]
    public async Task A_client_killed_in_the_middle_of_a_put_leaves_the_old_file_or_the_new_one()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string before = FileOf("before", "before");
        byte[] after = LocalTree.Filled(3 * StripeBytes + 12_345);
        await CreateAsync(alpha, "crash");
        await alpha.SucceedAsync("vault", "put", before, "crash:/f");

        foreach (int given in new[] { 1, StripeBytes + 1, after.Length })
        {
            await using SigmaProcess put = alpha.Start("vault", "put", "-", "crash:/f");
            await put.WriteAsync(after.AsMemory(0, given));
            if (given == after.Length)
            {
                put.CloseInput();
            }

            put.Signal(Kill);
            await put.WaitAsync();
        }

        string back = Path.Combine(cluster.Folder, "crashed");
        await alpha.SucceedAsync("vault", "get", "crash:/f", back);
        byte[] left = await File.ReadAllBytesAsync(back);
        Assert.True(
            left.AsSpan().SequenceEqual("before"u8) || left.AsSpan().SequenceEqual(after),
            $"{left.Length} bytes are neither the old file nor the new one");
        Finished verified = await alpha.SucceedAsync("vault", "verify", "crash");
        Assert.Contains("is whole", verified.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_cat_as_a_closed_pipe_does()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        string file = Path.Combine(cluster.Folder, "piped");
        await File.WriteAllBytesAsync(file, LocalTree.Filled(4 * StripeBytes));
        await CreateAsync(alpha, "pipe");

        Finished finished = await SigmaProcess.RunShellAsync(
            alpha.Home,
            new Dictionary<string, string> { ["SIGMA_CLUSTER"] = alpha.ClusterFile },
            $"cat '{file}' | sigma vault put - pipe:/f -q && sigma vault cat pipe:/f | head -c 10 | wc -c; "
                + "echo ${PIPESTATUS[0]}; "
                + $"sigma vault cat pipe:/f | cmp - '{file}' && echo same");

        Assert.Equal(("10\n141\nsame", ""), (finished.Data, finished.Notes));
    }

    [Fact]
    public async Task A_vault_is_shared_only_with_a_peer_who_was_compared_and_until_it_is_turned_out()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await CreateAsync(alpha, "family");
        await alpha.SucceedAsync("vault", "put", FileOf("hello", "from alpha"), "family:/a");
        await beta.SucceedAsync("vault", "list");
        await beta.SucceedAsync("agent", "--detach");

        Finished early = await alpha.RunAsync("vault", "share", "family", beta.Name);
        Finished number = await beta.SucceedAsync("identity", "verify", alpha.Name);
        await alpha.SucceedAsync("identity", "verify", beta.Name, number.Data);
        await alpha.SucceedAsync("vault", "share", "family", beta.Name);
        using JsonDocument listed = JsonDocument.Parse((await beta.SucceedAsync("vault", "list", "--json")).Data);
        string vault = listed.RootElement.GetProperty("vault").GetString()!;
        await beta.SucceedAsync("vault", "add", vault, "ours");
        Finished read = await beta.SucceedAsync("vault", "cat", "ours:/a");
        await beta.SucceedAsync("vault", "put", FileOf("answer", "from beta"), "ours:/b");
        Finished answer = await alpha.SucceedAsync("vault", "cat", "family:/b");
        await alpha.SucceedAsync("vault", "unshare", "family", beta.Name);
        Finished late = await beta.RunAsync("vault", "put", FileOf("late", "too late"), "ours:/c");
        await beta.SucceedAsync("agent", "--stop");

        Assert.Equal((4, 4), (early.ExitCode, late.ExitCode));
        Assert.Contains("sigma identity verify", early.Notes, StringComparison.Ordinal);
        Assert.Equal(("from alpha", "from beta"), (read.Data, answer.Data));
    }

    private static Dictionary<string, byte[]> NeedlesOf() => new()
    {
        ["the marker"] = Encoding.UTF8.GetBytes(LocalTree.Marker),
        ["a name"] = "Grüße ☃"u8.ToArray(),
        ["another name"] = "several stripes"u8.ToArray(),
        ["a link's target"] = "/nowhere/at all"u8.ToArray(),
        ["a small file"] = LocalTree.Filled(2_049)[100..132],
        ["a large file"] = LocalTree.Filled(3_400_000)[2_000_000..2_000_032],
    };

    /// <summary>Makes a vault.</summary>
    /// <returns>Its recovery code.</returns>
    private static async Task<string> CreateAsync(Account account, string name, params string[] more)
    {
        Finished created = await account.SucceedAsync(["vault", "create", name, "--json", .. more]);
        using JsonDocument answer = JsonDocument.Parse(created.Data);
        return answer.RootElement.GetProperty("recoveryCode").GetString()!;
    }

    private string FileOf(string name, string content)
    {
        string path = Path.Combine(
            cluster.Folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{Guid.NewGuid():N}"));
        File.WriteAllText(path, content, Encoding.Latin1);
        return path;
    }
}
