using System.CommandLine;
using System.Text.Json;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task The_version_is_one_line_for_people()
    {
        CommandRun run = await CommandRun.OfAsync("version");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.StartsWith("sigma ", run.Data, StringComparison.Ordinal);
        Assert.Equal(1, run.Data.Count(c => c == '\n'));
        Assert.Equal("", run.Notes);
    }

    [Fact]
    public async Task The_version_is_one_object_for_programs()
    {
        CommandRun run = await CommandRun.OfAsync("version", "--json");

        using JsonDocument document = JsonDocument.Parse(run.Data);
        Assert.Equal(1, document.RootElement.GetProperty("v").GetInt32());
        Assert.NotEmpty(document.RootElement.GetProperty("version").GetString()!);
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("version", "--no-such-option")]
    [InlineData("completion", "csh")]
    [InlineData("completion")]
    public async Task Wrong_arguments_exit_with_two_and_say_what_why_and_next(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Equal("", run.Data);
        string[] lines = run.Notes.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("sigma: cannot run sigma", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  why:  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("--help", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus", "cannot run sigma", "bogus")]
    [InlineData("identity", "cannot run sigma identity", "bogus")]
    public async Task An_unknown_word_is_named(string first, string what, string word)
    {
        CommandRun run = await CommandRun.OfAsync(first == word ? [word] : [first, word]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(what, run.Notes, StringComparison.Ordinal);
        Assert.Contains($"it knows no \"{word}\"", run.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("identity")]
    [InlineData("identity", "--json")]
    public async Task A_command_that_only_has_others_below_it_shows_its_help(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Notes));
        Assert.Contains("Commands:", run.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_an_option_too()
    {
        CommandRun run = await CommandRun.OfAsync("--version");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.StartsWith("sigma ", run.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("message", "listen", "--count", "0")]
    [InlineData("message", "listen", "--count", "-1")]
    [InlineData("message", "send", "beta", "x", "--timeout", "0")]
    public async Task A_count_or_time_below_one_is_wrong_usage(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("wanted is 1 or more", run.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("message", "listen", "--count", "x")]
    [InlineData("node", "admit", "n1", "--days", "x")]
    [InlineData("bench", "crypto", "--seconds", "x")]
    public async Task A_word_where_a_number_belongs_is_told_in_words(params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync(arguments);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains($"'x' for option '{arguments[^2]}', which takes a number", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_is_either_stopped_or_started()
    {
        CommandRun run = await CommandRun.OfAsync("agent", "--stop", "--detach");

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("first sigma agent --stop", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_understood_as_a_word_too()
    {
        CommandRun word = await CommandRun.OfAsync("help", "node", "stop");
        CommandRun option = await CommandRun.OfAsync("node", "stop", "--help");

        Assert.Equal((ExitCode.Ok, option.Data), (word.ExitCode, word.Data));
        Assert.Contains("sigma node stop n1", word.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_of_all_shows_first_steps()
    {
        CommandRun run = await CommandRun.OfAsync("--help");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches("(?s)First steps.*sigma cluster up.*sigma message send", run.Data);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("Off", false)]
    [InlineData("1", true)]
    [InlineData("true", true)]
    public void A_switch_in_the_environment_can_be_off_in_words(string? value, bool expected)
    {
        Assert.Equal(expected, GlobalOptions.Json.IsOn(value));
        Assert.Equal(!string.IsNullOrEmpty(value), GlobalOptions.NoColor.IsOn(value));
    }

    [Fact]
    public async Task Wrong_arguments_are_an_object_with_json()
    {
        CommandRun run = await CommandRun.OfAsync("completion", "csh", "--json");

        using JsonDocument document = JsonDocument.Parse(run.Notes);
        Assert.Equal(1, document.RootElement.GetProperty("v").GetInt32());
        Assert.Equal(2, document.RootElement.GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Theory]
    [InlineData("bash", "complete -o default")]
    [InlineData("zsh", "#compdef sigma")]
    [InlineData("fish", "complete -c sigma")]
    public async Task Each_shell_gets_a_script_that_asks_the_parser(string shell, string expected)
    {
        CommandRun run = await CommandRun.OfAsync("completion", shell);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains(expected, run.Data, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parser_completes_what_was_begun()
    {
        CommandRun run = await CommandRun.OfAsync("[suggest:9]", "sigma ver");

        Assert.Equal("version", run.Data.Split('\n')[0].Trim());
    }

    [Fact]
    public async Task Every_verb_has_a_description_and_examples_in_its_help()
    {
        foreach ((string path, Command command) in Leaves(CommandTree.Build(), ""))
        {
            CommandRun run =
                await CommandRun.OfAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

            Assert.Equal(ExitCode.Ok, run.ExitCode);
            Assert.NotEmpty(command.Description!);
            Assert.Contains("Examples:\n", run.Data, StringComparison.Ordinal);
            Assert.Contains($"sigma {path}", run.Data, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_global_option_has_a_twin_in_the_environment() =>
        Assert.All(GlobalOptions.All, option =>
            Assert.Matches(@"\[env: (SIGMA_[A-Z_]+|NO_COLOR)\]$", option.Description));

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path)
    {
        if (command.Subcommands.Count == 0)
        {
            return [(path, command)];
        }

        return command.Subcommands.SelectMany(child =>
            Leaves(child, path.Length == 0 ? child.Name : $"{path} {child.Name}"));
    }
}
