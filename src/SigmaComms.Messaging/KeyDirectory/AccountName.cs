using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>The name of an account: 1 to 32 of the characters a-z, 0-9, hyphen and underscore.</summary>
public sealed record AccountName
{
    /// <summary>The longest name: 32 characters, each one byte.</summary>
    public const int MaxLength = 32;

    private AccountName(string value) => Value = value;

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>Takes the text if it is a name.</summary>
    /// <param name="text">Untrusted text.</param>
    /// <param name="name">The name, or null.</param>
    /// <returns>False if the text is empty, too long, or has any other character.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AccountName? name)
    {
        name = IsValid(text) ? new AccountName(text!) : null;
        return name is not null;
    }

    /// <summary>Whether the text is a name.</summary>
    /// <param name="text">Untrusted text.</param>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: >= 1 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Alphabet);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static readonly System.Buffers.SearchValues<char> Alphabet =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");
}
