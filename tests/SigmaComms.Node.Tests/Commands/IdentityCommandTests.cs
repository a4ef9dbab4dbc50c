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
}
