using System.Text.Json;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Commands;

public sealed class IdentityCommandTests
{
    [Fact]
    public async Task A_new_identity_is_shown_without_its_password()
    {
        using TemporaryFolder home = new();
        string[] to = ["--home", home.Path];
        await CommandRun.OfAsync(["cluster", "init", .. to]);

        CommandRun made = await CommandRun.OfAsync(
            ["identity", "new", "alpha", "--password-command", "echo secret", "--json", .. to]);
        CommandRun shown = await CommandRun.OfAsync(["identity", "show", "--json", .. to]);

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (made.ExitCode, shown.ExitCode));
        Assert.Equal(made.Data, shown.Data);
        using JsonDocument document = JsonDocument.Parse(shown.Data);
        Assert.Equal("alpha", document.RootElement.GetProperty("name").GetString());
        Assert.Equal(64, document.RootElement.GetProperty("account").GetString()!.Length);
    }

    [Fact]
    public async Task An_identity_is_never_replaced()
    {
        using TemporaryFolder home = new();
        string[] make = ["identity", "new", "alpha", "--password-command", "echo secret", "--home", home.Path];
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        await CommandRun.OfAsync(make);
        byte[] before = File.ReadAllBytes(home["identities/alpha/identity.keys"]);

        CommandRun again = await CommandRun.OfAsync(make);

        Assert.Equal(ExitCode.Failure, again.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(home["identities/alpha/identity.keys"]));
    }

    [Theory]
    [InlineData("Alpha")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a-name-that-is-longer-than-32-letters")]
    public async Task A_name_that_no_account_can_have_is_wrong_usage(string name)
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        CommandRun run = await CommandRun.OfAsync(
            "identity", "new", name, "--password-command", "echo secret", "--home", home.Path);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.False(Directory.Exists(home["identities"]));
    }

    [Fact]
    public async Task Several_identities_must_be_told_apart()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        foreach (string name in new[] { "alpha", "beta" })
        {
            await CommandRun.OfAsync("identity", "new", name, "--password-command", "echo s", "--home", home.Path);
        }

        CommandRun which = await CommandRun.OfAsync("identity", "show", "--home", home.Path);
        CommandRun none = await CommandRun.OfAsync("identity", "show", "gamma", "--home", home.Path);

        Assert.Equal(ExitCode.Usage, which.ExitCode);
        Assert.Contains("alpha, beta", which.Notes, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotFound, none.ExitCode);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_before_the_password_is_asked()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        string[] make = ["identity", "new", "alpha", "--home", home.Path, "--password-command"];
        await CommandRun.OfAsync([.. make, "echo secret"]);

        CommandRun again = await CommandRun.OfAsync([.. make, $"touch '{home["asked"]}'; echo secret"]);

        Assert.Equal(ExitCode.Failure, again.ExitCode);
        Assert.Contains("there is one named alpha", again.Notes, StringComparison.Ordinal);
        Assert.False(File.Exists(home["asked"]));
    }

    [Fact]
    public async Task Keys_that_are_missing_beside_messages_are_not_to_be_made_anew()
    {
        using TemporaryFolder home = new();
        Directory.CreateDirectory(home["identities/alpha"]);
        File.WriteAllText(home["identities/alpha/messages.db"], "");

        CommandRun run = await CommandRun.OfAsync("identity", "show", "alpha", "--home", home.Path);

        Assert.Equal(ExitCode.NotFound, run.ExitCode);
        Assert.Contains("put identity.keys back", run.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("no digits")]
    public async Task A_safety_number_that_is_not_whole_is_wrong_usage(string number)
    {
        using TemporaryFolder home = new();

        CommandRun run = await CommandRun.OfAsync("identity", "verify", "beta", number, "--home", home.Path);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("60 digits", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_identities_are_listed_by_name_as_lines_of_json_too()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        foreach (string name in new[] { "beta", "alpha" })
        {
            await CommandRun.OfAsync("identity", "new", name, "--password-command", "echo s", "--home", home.Path);
        }

        CommandRun table = await CommandRun.OfAsync("identity", "list", "--home", home.Path);
        CommandRun json = await CommandRun.OfAsync("identity", "list", "--json", "--home", home.Path);

        Assert.Matches("(?s)alpha.*beta", table.Data);
        Assert.Equal(["alpha", "beta"], json.Data.TrimEnd().Split('\n').Select(NameIn));
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_it_and_the_old_one_opens_nothing_more()
    {
        using TemporaryFolder home = new();
        File.WriteAllText(home["new"], "next\n");
        string[] change =
        [
            "identity", "password", "alpha", "--home", home.Path, "--new-password-file", home["new"],
            "--password-command",
        ];
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        await CommandRun.OfAsync("identity", "new", "alpha", "--password-command", "echo first", "--home", home.Path);

        CommandRun wrong = await CommandRun.OfAsync([.. change, "echo wrong"]);
        CommandRun changed = await CommandRun.OfAsync([.. change, "echo first"]);
        CommandRun old = await CommandRun.OfAsync([.. change, "echo first"]);
        CommandRun again = await CommandRun.OfAsync([.. change, "echo next"]);

        Assert.Equal(
            [ExitCode.VerificationFailed, ExitCode.Ok, ExitCode.VerificationFailed, ExitCode.Ok],
            new[] { wrong, changed, old, again }.Select(run => run.ExitCode));
        Assert.DoesNotContain("passphrase", wrong.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_new_password_the_advice_names_what_gives_one()
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        await CommandRun.OfAsync("identity", "new", "alpha", "--password-command", "echo first", "--home", home.Path);

        CommandRun run = await CommandRun.OfAsync(
            "identity", "password", "--password-command", "echo first", "--home", home.Path);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("--new-password-file", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_identity_the_list_says_how_to_make_one()
    {
        using TemporaryFolder home = new();

        CommandRun run = await CommandRun.OfAsync("identity", "list", "--home", home.Path);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Data));
        Assert.Contains("sigma identity new NAME", run.Notes, StringComparison.Ordinal);
    }

    private static string? NameIn(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("name").GetString();
    }
}
