namespace SigmaComms.Node.Configuration;

/// <summary>What a node or cluster may be called: it is a folder's name too.</summary>
internal static class NodeName
{
    /// <summary>The rule in words.</summary>
    public const string Wanted = "1 to 32 of a-z, 0-9 and -, the first not a -";

    private const int CharactersMax = 32;

    /// <summary>The name itself, or null if it breaks the rule.</summary>
    public static string? Parse(string text)
    {
        bool allowed = text.Length is > 0 and <= CharactersMax && text[0] != '-'
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        return allowed ? text : null;
    }
}
