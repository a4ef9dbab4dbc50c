using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Terminal;

public sealed class PasswordSourceTests
{
    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\nsecond line\n", "secret")]
    [InlineData(" spaces stay ", " spaces stay ")]
    public async Task The_first_line_of_the_file_is_the_password(string content, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["password"], content);

        Assert.Equal(expected, await ReadAsync(new PasswordSource { File = folder["password"] }));
    }

    [Fact]
    public async Task The_output_of_the_command_is_the_password() =>
        Assert.Equal("from command", await ReadAsync(new PasswordSource { Command = "echo from command" }));

    [Fact]
    public async Task The_variable_is_the_password() =>
        Assert.Equal("from variable", await ReadAsync(new PasswordSource { Value = "from variable" }));

    [Fact]
    public async Task A_file_wins_over_a_command_and_a_command_over_the_variable()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["password"], "file");

        Assert.Equal("file",
            await ReadAsync(new PasswordSource { File = folder["password"], Command = "echo c", Value = "v" }));
        Assert.Equal("c", await ReadAsync(new PasswordSource { Command = "echo c", Value = "v" }));
    }

    [Fact]
    public void What_the_command_line_names_counts_alone()
    {
        PasswordSource given = PasswordSource.Of(null, "false", name => "of " + name, canAsk: false);
        PasswordSource environment = PasswordSource.Of(null, null, name => "of " + name, canAsk: false);
        PasswordSource empty = PasswordSource.Of(null, null, _ => "", canAsk: false);

        Assert.Equal((null, "false", null), (given.File, given.Command, given.Value));
        Assert.Equal("of SIGMA_PASSWORD_FILE", environment.File);
        Assert.Equal((null, null, null), (empty.File, empty.Command, empty.Value));
        Assert.Throws<CommandException>(() => PasswordSource.Of("file", "command", _ => null, canAsk: false));
    }

    [Fact]
    public async Task Without_any_source_and_terminal_it_says_which_there_are()
    {
        CommandException fault = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(new PasswordSource()));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains("--password-file", fault.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_an_empty_one_and_a_failing_command_are_faults()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["empty"], "\n");

        await Assert.ThrowsAsync<CommandException>(() => ReadAsync(new PasswordSource { File = folder["absent"] }));
        await Assert.ThrowsAsync<CommandException>(() => ReadAsync(new PasswordSource { File = folder["empty"] }));
        await Assert.ThrowsAsync<CommandException>(() => ReadAsync(new PasswordSource { Command = "exit 3" }));
    }

    private static async Task<string> ReadAsync(PasswordSource source)
    {
        using SecretBytes password = await source.ReadAsync("a test", confirm: false, CancellationToken.None);
        return Encoding.UTF8.GetString(password.Span);
    }
}
