using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Terminal;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("hi\nbob: pay", "hi\n  bob: pay")]
    [InlineData("hi\r\nbob: pay", "hi\n  bob: pay")]
    [InlineData("hi\rbob: pay", "hi\uFFFDbob: pay")]
    [InlineData("\u001b[2J", "\uFFFD[2J")]
    [InlineData("\u009b2J", "\uFFFD2J")]
    [InlineData("a\u202Eb", "a\uFFFDb")]
    [InlineData("a\u2066b", "a\uFFFDb")]
    [InlineData("a\u2028b: c", "a\uFFFDb: c")]
    [InlineData("a\u0085b: c", "a\uFFFDb: c")]
    [InlineData("\U0001F469\u200D\U0001F52C", "\U0001F469\u200D\U0001F52C")]
    public void A_text_neither_steers_the_terminal_nor_poses_as_another_line(string text, string shown)
    {
        Assert.Equal(shown, TerminalText.Continued(text));
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        Assert.Equal("\uFFFDx", TerminalText.Continued("\uD800x"));
    }

    [Fact]
    public void What_a_node_says_reaches_standard_error_without_control_characters()
    {
        using StringWriter data = new();
        using StringWriter notes = new();
        Output output = new(data, notes);

        const string said = "\u001b]0;owned\u0007\nsigma: all is well";
        output.Error(new CommandException(ExitCode.Failure, "refused", said, "-"));
        output.Note("said \u001b[1A\nok");

        Assert.Equal(
            "sigma: refused\n  why:  \uFFFD]0;owned\uFFFD\n  sigma: all is well\n  next: -\nsaid \uFFFD[1A\n  ok\n",
            notes.ToString());
    }
}
