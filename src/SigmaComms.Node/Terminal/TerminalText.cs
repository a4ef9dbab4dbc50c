using System.Globalization;
using System.Text;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Makes text that came from elsewhere fit for a terminal: it can neither steer it nor pose as another line.
/// </summary>
internal static class TerminalText
{
    /// <summary>Text of any number of lines; all but the first are indented, so that none poses as a new one.</summary>
    public static string Continued(string text) =>
        Clean(text).Replace("\n", "\n  ", StringComparison.Ordinal);

    /// <summary>Text on one line.</summary>
    public static string Plain(string text) => Clean(text).Replace('\n', ' ');

    private static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            clean.Append(IsHarmless(rune) ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }

    // Format characters turn the direction of writing or are invisible; the two joiners belong to scripts and emoji.
    private static bool IsHarmless(Rune rune) => rune.Value is '\n' or '\t' or 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse);
}
